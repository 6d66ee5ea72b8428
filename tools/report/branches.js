// The page of branches: the runs that go on from one trunk, in the same charts.

// The end of a pointer is enough to know it: "adversary/workers" of /adversary/workers.
const brief_pointer = pointer => pointer.split('/')
  .filter(word => !['', 'parameters', 'value'].includes(word)).slice(-2).join('/');

function value_text(value) {
  if (value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  return typeof value.name === 'string' ? value.name : JSON.stringify(value);
}

const changes_text = changes => changes.length === 0 ? 'no change'
  : changes.map(({pointer, branch}) => `${brief_pointer(pointer)} = ${value_text(branch)}`)
    .join(', ');

class Branches {
  constructor() {
    const of = ({metrics}) => parse_csv(metrics);
    this.branches = data.branches.map((branch, i) => ({...branch, table: of(branch),
      tone: series_tone(i), name: `branch ${i + 1}`}));
    this.columns = this.branches[0].table.columns;
    this.x_name = 'step';
    // Without a run of its own, the trunk is known as far as its last branch.
    const last = this.branches.reduce(
      (a, b) => b.parting.step > a.parting.step ? b : a, this.branches[0]);
    this.trunk = data.trunk ? {table: of(data.trunk)}
      : {table: last.table, until: last.parting.step};
  }

  // Of rows from the step `from` up to `until`.
  column(table, name, from = -Infinity, until = Infinity) {
    const place = table.columns.indexOf(name), step = table.columns.indexOf('step');
    return table.rows
      .filter(row => Number(row[step]) >= from && Number(row[step]) <= until)
      .map(row => in_unit(name, number_of(row[place])));
  }

  // The last row of a branch that the trunk has, too: where its own line begins.
  last_common_step({table, parting}) {
    return Math.max(...this.column(table, 'step', -Infinity, parting.step));
  }

  content(name) {
    const parts = [
      {name: 'trunk', tone: 'ink', table: this.trunk.table, until: this.trunk.until},
      ...this.branches.map(branch => ({name: branch.name, tone: branch.tone, table: branch.table,
                                       from: this.last_common_step(branch)}))];
    const lists = of => parts.map(part => this.column(part.table, of, part.from, part.until));
    const {x, columns} = joined(lists(this.x_name), lists(name));
    return {
      x_name: this.x_name, x, connected: true, unit: unit_of(name), marks: this.marks(),
      series: parts.map((part, i) => ({name: part.name, tone: part.tone, values: columns[i]})),
      reason: `No run has a value of ${name}.`,
    };
  }

  // A line for each moment at which branches begin.
  marks() {
    const lines = new Map();
    for (const {parting, name, tone, changes} of this.branches) {
      const x = parting[this.x_name];
      if (!lines.has(x)) lines.set(x, []);
      lines.get(x).push({text: `${name}: ${changes_text(changes)}`, tone});
    }
    return [...lines].map(([x, words]) => ({x, lines: words}));
  }
}

function show_branches(page) {
  const branches = new Branches();
  document.title = `${data.name}: branches – byzsim report`;
  const count = branches.branches.length;
  page.append(element('h1', {}, `Branches of ${data.name}`),
    element('p', {class: 'quiet'}, summary_of(data.scenario)),
    element('p', {class: 'quiet'}, `${count} branch${count === 1 ? '' : 'es'}` +
      (data.trunk ? ' and the trunk. ' : '; the trunk is drawn as far as the last of them. ') +
      'The trunk was replayed to find where they begin; the curves are those of the runs’ files, ',
      element('code', {}, 'byzsim verify DIR'), ' replays one of them. This page was made by ' +
      `byzsim ${data.version}.`),
    table_of_branches(branches), element('h2', {}, 'Curves'));
  show_branch_curves(page, branches);
}

function table_of_branches({branches}) {
  const dot = tone => element('span', {class: 'dot', style: `background: var(--${tone})`});
  const changes = list => element('div', {}, ...(list.length === 0 ? ['no change'] : list.map(
    ({pointer, trunk, branch}) => element('div', {}, element('code', {}, pointer),
      ` ${value_text(trunk)} → ${value_text(branch)}`))));
  const ends = ({run: {final = {}, status}}) => [
    String(status), percent(final.accuracy), short(final.loss), short(final.drift)];
  const row = (tone, name, run, what, begins) => [
    element('span', {class: 'whole'}, dot(tone), name), element('code', {}, run.directory), what,
    begins, ...ends(run)];
  return table(
    [{name: ''}, {name: 'run'}, {name: 'changes'}, {name: 'begins'}, {name: 'status'},
     {name: 'accuracy', number: true}, {name: 'loss', number: true},
     {name: 'drift', number: true}],
    [...(data.trunk ? [row('ink', 'trunk', data.trunk, '', '')] : []),
     ...branches.map(branch => row(branch.tone, branch.name, branch, changes(branch.changes),
       `step ${short(branch.parting.step)}, ${short(branch.parting.simulated_seconds)} s, ` +
       `event ${short(branch.parting.event)}`))]);
}

function show_branch_curves(page, branches) {
  const metrics = branches.columns.filter(name => name !== 'step');
  let chosen = metrics.includes('variance_to_norm') ? 'variance_to_norm' : metrics[0];
  const charts = [
    new Chart('Accuracy on the test set', () => branches.content('accuracy')),
    new Chart('Loss on the test set', () => branches.content('loss'), {log: true}),
    new Chart(`Drift between honest ${noun_of_holder(data.scenario)}s`,
              () => branches.content('drift'), {log: true}),
    ...(on_graph(data.scenario) ? [new Chart('Disagreement of honest nodes',
      () => branches.content('disagreement'), {log: true})] : [])];
  const any = new Chart('Any column', () => branches.content(chosen));
  any.heading.after(chooser('column', metrics, chosen, name => { chosen = name; any.draw(); }));
  charts.push(any);
  const axes = ['step', 'simulated_seconds', 'messages', 'bytes']
    .filter(name => branches.columns.includes(name));
  page.append(
    element('p', {class: 'quiet'}, 'The trunk is one line up to the moment at which a branch ' +
      'begins: a dashed line with what the branch changes. Drag to zoom, double-click to see all ' +
      'again.'),
    element('div', {class: 'controls'}, chooser('Horizontal axis', axes, branches.x_name,
      name => {
        branches.x_name = name;
        for (const chart of charts) chart.draw();
      })),
    element('div', {class: 'charts'}, ...charts.map(chart => chart.panel)));
  for (const chart of charts) chart.draw();
}
