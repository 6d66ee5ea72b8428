// The page of a sweep: its runs, their final metrics along an axis, their curves. A point is a
// position on every axis; it has a run for each of its seeds.

const kMostChosen = 14;

class Sweep {
  constructor() {
    this.summary = parse_csv(data.summary);
    const place = name => this.summary.columns.indexOf(name);
    this.runs = this.summary.rows.map(row => ({
      row, id: row[place('id')], status: row[place('status')], field: name => row[place(name)]}));
    this.columns = data.axes.flat().filter(column => place(column) >= 0);
    this.names = column_names(this.columns);
    const present = data.axes.map(axis => axis.filter(column => place(column) >= 0));
    this.axes = present.filter(axis => axis.length > 0).map(columns => this.axis_of(columns));
    this.seeds = this.axis_of(['seed']);
    const varies = axis => new Set(this.runs.map(run => axis.text(run))).size > 1;
    this.varying = [...this.axes, this.seeds].filter(varies);
    this.points = new Set(this.runs.map(run => this.place_of(run, this.axes))).size;
    const behind = place('expectations_held') + 1;
    this.metrics = [...this.summary.columns.slice(behind), 'simulated_seconds', 'messages', 'bytes']
      .filter((name, i, all) => place(name) >= 0 && all.indexOf(name) === i);
    this.curves = parse_csv(data.curves);
    this.curve_metrics = this.curves.columns.slice(this.curves.columns.indexOf('step') + 1);
    this.rows_of_run = new Map();
    const index = this.curves.columns.indexOf('point');
    for (const row of this.curves.rows) {
      if (!this.rows_of_run.has(row[index])) this.rows_of_run.set(row[index], []);
      this.rows_of_run.get(row[index]).push(row);
    }
    // Of one seed, so that the curves differ by the axes alone.
    const with_curve = this.runs.filter(each => this.rows_of_run.has(each.field('point')));
    const of_seed = seed => with_curve.filter(each => each.field('seed') === seed);
    const drawable = with_curve.length > 0 ? of_seed(with_curve[0].field('seed')) : [];
    const every = Math.ceil(drawable.length / 6);
    this.chosen = new Set(drawable.filter((_, i) => i % every === 0));
    const first = names => ['accuracy', 'loss', 'drift', ...names].find(name => names.includes(name)
      && this.runs.some(each => number_of(each.field(name)) !== null)) || names[0];
    this.metric = first(this.metrics);
    this.curve_metric = first(this.curve_metrics);
    const axes = this.varying.filter(axis => axis !== this.seeds);
    this.axis = axes.find(axis => axis.numeric) || axes[0] || this.varying[0] || this.axes[0] ||
      this.seeds;
    this.sorted = {column: null, down: false};
  }

  // {name, text of a run, numeric}. Zipped columns are one axis: one value where all hold the same
  // in every run, otherwise their values side by side.
  axis_of(columns) {
    const same = this.runs.every(
      run => columns.every(column => run.field(column) === run.field(columns[0])));
    const shown = same ? columns.slice(0, 1) : columns;
    return {
      name: columns.map(column => this.short(column)).join(same ? ' = ' : ', '),
      text: run => shown.map(column => run.field(column)).join(', '),
      numeric: shown.length === 1 &&
        this.runs.every(run => number_of(run.field(shown[0])) !== null)};
  }

  short(column) { return this.names.get(column) || column; }

  // Where a run stands on these axes.
  place_of(run, axes) {
    return axes.map(axis => `${axis.name} ${axis.text(run)}`).join(', ');
  }

  name(run) {
    return this.place_of(run, this.varying) || `run ${run.field('point')}`;
  }

  // "along z and T: 6 points with 2 seeds each, 12 runs"
  size_text() {
    const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;
    const along = this.axes.map(axis => axis.name).join(' and ');
    const runs = this.runs.length, seeds = runs / this.points;
    return (along ? `along ${along}: ` : 'of ') + count(this.points, 'point') +
      (Number.isInteger(seeds) ? ` with ${count(seeds, 'seed')} each, ` : ', ') +
      count(runs, 'run');
  }

  // The metric against the axis: a line for each combination of the other axes, seeds as a band
  // from the least to the greatest around their mean. Names stand side by side, not on one place.
  final_content() {
    const {axis} = this;
    const others = this.varying.filter(other => other !== axis && other !== this.seeds);
    const names = [...new Set(this.runs.map(axis.text))];
    const {numeric} = axis;
    const groups = new Map();  // name of the line -> position -> values
    for (const run of this.runs) {
      const value = in_unit(this.metric, number_of(run.field(this.metric)));
      if (value === null) continue;
      const name = this.place_of(run, others) || this.metric, at = axis.text(run);
      if (!groups.has(name)) groups.set(name, new Map());
      if (!groups.get(name).has(at)) groups.get(name).set(at, []);
      groups.get(name).get(at).push(value);
    }
    const lines = [...groups.values()].map((places, i) => ({
      x: [...places.keys()].map(at => numeric ? number_of(at)
        : names.indexOf(at) + 0.6 * ((i + 0.5) / groups.size - 0.5)),
      lists: [...places.values()]}));
    const over = f => joined(lines.map(line => line.x), lines.map(line => line.lists.map(f)));
    const mean = over(list => list.reduce((a, b) => a + b) / list.length);
    const low = over(list => Math.min(...list)), high = over(list => Math.max(...list));
    const several = lines.some(line => line.lists.some(list => list.length > 1));
    const x_log = numeric && mean.x.length > 2 && mean.x[0] > 0 && mean.x.at(-1) / mean.x[0] >= 50;
    return {
      x_name: axis.name + (x_log ? ' (logarithmic)' : ''), x: mean.x, x_log,
      points: true, connected: true, unit: unit_of(this.metric),
      categories: numeric ? null : names,
      reason: `No run has a value of ${this.metric}: runs that diverged or compute no numbers ` +
        'have none.',
      series: [...groups.keys()].map((name, i) => ({name, values: mean.columns[i],
        ...(several ? {low: low.columns[i], high: high.columns[i]} : {})})),
    };
  }

  curves_content() {
    const column = name => this.curves.columns.indexOf(name);
    const chosen = [...this.chosen];
    const lists = name => chosen.map(run => (this.rows_of_run.get(run.field('point')) || [])
      .map(row => in_unit(name, number_of(row[column(name)]))));
    const {x, columns} = joined(lists('step'), lists(this.curve_metric));
    return {
      x_name: 'step', x, connected: true, unit: unit_of(this.curve_metric),
      series: chosen.map((run, i) => ({name: this.name(run), values: columns[i]})),
      reason: chosen.length === 0 ? 'No run is chosen: tick some in the table.'
        : `The chosen runs have no value of ${this.curve_metric}.`,
    };
  }
}

// Pointers by the words that tell them apart: "workers/aggregator" of /workers/aggregator/name.
function column_names(columns) {
  const words = column => column.split('/')
    .filter(word => !['', 'name', 'parameters', 'value'].includes(word));
  const brief = columns.map(column => words(column).slice(-2).join('/') || column);
  return new Map(columns.map((column, i) =>
    [column, brief.filter(name => name === brief[i]).length > 1 ? column : brief[i]]));
}

function show_sweep(page) {
  const sweep = new Sweep();
  const count = status => sweep.runs.filter(run => run.status === status).length;
  const without = sweep.runs.filter(run => ['missing', 'failed'].includes(run.status)).length;
  const path = data.directory.replace(/\/+$/, '');
  document.title = `${data.name} – byzsim report`;
  page.append(element('h1', {}, data.name),
    element('p', {class: 'quiet'}, `A sweep ${sweep.size_text()}. This page was made by byzsim ` +
      `${data.version}.`));
  if (without > 0)
    page.append(element('div', {class: 'verdict bad', role: 'alert'},
      element('strong', {}, 'Not complete.'), ` ${without} of ${sweep.runs.length} runs have ` +
      `no result (${count('failed')} failed, ${count('missing')} not run).`));
  if (sweep.runs.length === 0) {
    page.append(empty_panel('The sweep has no runs.'));
    return;
  }
  const final = new Chart('', () => sweep.final_content(),
    {note: 'The last recorded row of each run. With several seeds a point is their mean, and its ' +
      'band or line reaches from the least to the greatest.'});
  const curves = new Chart('', () => sweep.curves_content());
  const table_box = element('div');
  const redraw = () => { title_charts(); final.draw(); curves.draw(); };
  const title_charts = () => {
    final.heading.textContent = `Final ${sweep.metric} against ${sweep.axis.name}`;
    curves.heading.textContent = `Curves of ${sweep.curve_metric}`;
  };
  const axes = sweep.varying.length > 0 ? sweep.varying : [sweep.axis];
  const axis_names = axes.map(axis => axis.name);
  page.append(element('div', {class: 'charts', style: 'margin-top: 20px'},
    element('div', {}, element('div', {class: 'controls'},
      chooser('Metric', sweep.metrics, sweep.metric, name => { sweep.metric = name; redraw(); }),
      chooser('Axis', axis_names, sweep.axis.name, name => {
        sweep.axis = axes[axis_names.indexOf(name)];
        redraw();
      })), final.panel),
    element('div', {}, element('div', {class: 'controls'},
      chooser('Metric', sweep.curve_metrics, sweep.curve_metric,
              name => { sweep.curve_metric = name; redraw(); })), curves.panel)),
    ...[show_map(sweep)].filter(section => section !== null),
    element('h2', {}, 'Runs'),
    element('p', {class: 'quiet'}, 'Click a heading to sort by it; tick the runs whose curves ' +
      `are to be drawn, ${kMostChosen} at most. `,
      element('code', {}, `byzsim report ${path}/runs/ID`), ' shows one of them in full.'),
    table_box);
  show_runs(sweep, table_box, redraw);
  redraw();
}

function show_runs(sweep, box, redraw) {
  const shown = ['status', ...sweep.columns, 'seed', 'accuracy', 'loss', 'drift', 'steps',
    'diverged_at_step', 'expectations_held', 'id', 'digest']
    .filter((name, i, all) => sweep.summary.columns.includes(name) && all.indexOf(name) === i &&
      (name !== 'expectations_held' || sweep.runs.some(each => each.field('expectations') > 0)) &&
      (name !== 'diverged_at_step' || sweep.runs.some(each => each.field(name) !== '')));
  const is_number = field => field === '' || number_of(field) !== null;
  const numeric = new Set(shown.filter(name => !['status', 'digest', 'id'].includes(name) &&
    sweep.runs.every(run => is_number(run.field(name)))));
  const {column, down} = sweep.sorted;
  const runs = [...sweep.runs];
  if (column) runs.sort((a, b) => compared(a, b, column, numeric.has(column), down));
  const sort_by = name => {
    sweep.sorted = {column: name, down: column === name && !down};
    show_runs(sweep, box, redraw);
    box.querySelector(`[data-column="${CSS.escape(name)}"]`).focus();
  };
  const heading = name => element('th', {class: numeric.has(name) ? 'number' : undefined,
    scope: 'col', 'aria-sort': column === name ? (down ? 'descending' : 'ascending') : undefined},
    element('button', {type: 'button', 'data-column': name, onclick: () => sort_by(name)},
      with_unit(sweep.short(name)) + (column === name ? (down ? ' ▼' : ' ▲') : '')));
  box.replaceChildren(element('div', {class: 'scroll', style: 'max-height: 640px'},
    element('table', {class: 'runs'},
      element('thead', {}, element('tr', {}, element('th', {}, ''), ...shown.map(heading))),
      element('tbody', {}, ...runs.map(run => run_row(sweep, run, shown, numeric, redraw))))));
}

function run_row(sweep, run, shown, numeric, redraw) {
  const has_curve = sweep.rows_of_run.has(run.field('point'));
  const box = element('input', {type: 'checkbox', checked: sweep.chosen.has(run),
    disabled: !has_curve, 'aria-label': 'draw the curve of ' + sweep.name(run),
    onchange: () => {
      if (box.checked && sweep.chosen.size >= kMostChosen) box.checked = false;
      if (box.checked) sweep.chosen.add(run); else sweep.chosen.delete(run);
      row.classList.toggle('chosen', box.checked);
      redraw();
    }});
  const content = name => {
    const field = run.field(name);
    if (name === 'digest' || name === 'id') return element('code', {class: 'whole'}, field);
    if (name === 'status' && run.status === 'failed')
      return element('span', {class: 'bad-word'}, 'failed: ' + (data.failures[run.id] || ''));
    if (name === 'expectations_held') return `${field} of ${run.field('expectations')}`;
    const value = numeric.has(name) && name !== 'seed' ? number_of(field) : null;
    return value === null ? field : short(in_unit(name, value), 5);
  };
  const row = element('tr', {class: sweep.chosen.has(run) ? 'chosen' : undefined},
    element('td', {}, box), ...shown.map(name =>
      element('td', {class: numeric.has(name) ? 'number' : undefined}, content(name))));
  return row;
}

// What is absent comes last, whichever way.
function compared(a, b, column, numeric, down) {
  const [left, right] = [a.field(column), b.field(column)];
  if (left === '' || right === '') return (left === '') - (right === '');
  const order = numeric ? number_of(left) - number_of(right)
                        : left < right ? -1 : left > right ? 1 : 0;
  return down ? -order : order;
}
