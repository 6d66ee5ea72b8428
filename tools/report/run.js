// The page of one run.

const kMostLines = 28;  // that colours and dashes keep apart

function show_run(page) {
  const {run} = data;
  document.title = `${run.name} – byzsim report`;
  page.append(
    element('h1', {}, String(run.name)),
    element('p', {class: 'quiet'}, summary_of(run.scenario)),
    data.branch ? element('p', {}, `A branch of ${data.branch.trunk} from step ` +
      `${data.branch.parting.step} on: ${changes_text(data.branch.changes)}.`) : '',
    verification(), facts(run), expectations(run));
  show_curves(page, run);
  show_graph(page, run);
  show_timeline(page, run);
  page.append(...scenario_and_provenance(run));
}

const name_of = choice => choice === undefined || choice === null ? 'none'
  : typeof choice === 'string' ? choice : String(choice.name);

function group_text(group, name) {
  const byzantine = group.byzantine || {};
  return `${group.count} ${name}${group.count === 1 ? '' : 's'} (f = ${byzantine.declared ?? 0}, ` +
    `${byzantine.actual ?? 0} Byzantine, ${name_of(group.aggregator)})`;
}

// "random_regular (degree 6)"; lists of edges are too long for a line.
function topology_text(topology) {
  const parameters = Object.entries(topology.parameters || {})
    .filter(([, value]) => ['number', 'string', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]) => `${name} ${value}`).join(', ');
  return name_of(topology) + (parameters ? ` (${parameters})` : '') +
    (topology.every ? `, drawn again every ${topology.every} steps` : '');
}

function summary_of(scenario) {
  const {adversary = {}} = scenario;
  const groups = has_nodes(scenario) ? ['nodes'] : ['servers', 'workers'];
  // The attack on gradients first, as it is the usual one.
  const attacks = [...groups].reverse().map(group => (scenario[group].byzantine || {}).actual > 0
    ? `${group === 'nodes' ? 'attack' : group}: ${name_of(adversary[group])}` : null);
  return [name_of(scenario.protocol),
    ...groups.map(group => group_text(scenario[group], group.slice(0, -1))),
    ...(on_graph(scenario) ? [
      `topology: ${topology_text(scenario.topology)}`,
      ...(scenario.topology_changes || []).map(({step, topology}) =>
        `from step ${step} on: ${topology_text(topology)}`),
      `weights: ${scenario.nodes.weights}`] : []),
    ...(has_nodes(scenario) && scenario.nodes.gradients
      ? [`gradients: ${name_of(scenario.nodes.gradients.aggregator)}`] : []),
    ...attacks, `${name_of(scenario.model)} on ${name_of(scenario.data)}`, `seed ${scenario.seed}`]
    .filter(part => part !== null).join(' · ');
}

function verification() {
  const {digest, differences} = data.replayed;
  if (data.case) return verification_of_case();
  if (differences.length === 0)
    return element('div', {class: 'verdict'}, element('strong', {}, 'Verified.'),
      ' The run was replayed for this page: every layer of its digest ',
      element('code', {}, digest.run), ' and every byte of metrics.csv are equal.');
  return element('div', {class: 'verdict bad', role: 'alert'},
    element('strong', {}, 'The replay differs.'),
    ' The replay of this run differs from the files in its directory. The curves below are those ' +
    'of the directory; the timeline and the distances from the mean are those of the replay.',
    element('ul', {}, ...differences.map(line => element('li', {}, line))));
}

// A page of the atlas is drawn from its case: the atlas keeps the digest of the run, and no files.
function verification_of_case() {
  const {digest, differences} = data.replayed;
  const file = element('code', {}, data.case);
  if (differences.length === 0)
    return element('div', {class: 'verdict'}, element('strong', {}, 'Verified.'), ' The run of ',
      file, ' was made for this page, and has the digest ', element('code', {}, digest.run),
      ' that the atlas holds.');
  return element('div', {class: 'verdict bad', role: 'alert'},
    element('strong', {}, 'The run differs.'), ' The run of ', file,
    ', which this page shows, is not the one that the atlas holds.',
    element('ul', {}, ...differences.map(line => element('li', {}, line))));
}

function facts(run) {
  const final = run.final || {};
  const real = run.scenario.numbers !== 'none';
  const fact = (name, value, more = null) => element('div', {}, element('dt', {}, name),
    element('dd', {}, value, more ? element('small', {}, ' ' + more) : null));
  const status = {out_of_time: 'out of time', time_limit: 'out of time'};  // the latter of old runs
  return element('dl', {class: 'facts'},
    fact('status', status[run.status] || String(run.status),
         diverged(run) ? `diverged at step ${run.diverged_at_step}` : null),
    ...(real ? [fact('accuracy', percent(final.accuracy), `worst ${percent(final.accuracy_worst)}`),
                fact('loss', short(final.loss)), fact('drift', short(final.drift))] : []),
    fact('steps', short(run.steps)),
    fact('simulated', short(run.simulated_seconds) + ' s'),
    fact('messages', short(run.messages), bytes_text(run.bytes)));
}

function expectations(run) {
  const title = element('h2', {}, 'Expectations');
  const list = run.expectations || [];
  if (list.length === 0)
    return element('p', {class: 'quiet small'}, 'The scenario has no expectations.');
  return element('section', {}, title, table(
    [{name: ''}, {name: 'metric'}, {name: 'at'}, {name: 'expected'},
     {name: 'measured', number: true}],
    list.map(each => [
      element('span', {class: each.holds ? 'good' : 'bad-word'},
              each.holds ? '✓ met' : '✗ failed'),
      String(each.metric), String(each.at),
      `${{'<=': '≤', '>=': '≥'}[each.relation] || each.relation} ` +
        measured_text(each.metric, each.value),
      measured_text(each.metric, each.measured)])));
}

function measured_text(metric, value) {
  if (typeof value !== 'number') return String(value ?? 'undefined');
  return short(in_unit(metric, value), 6) + (unit_of(metric) ? ' ' + unit_of(metric) : '');
}

const diverged = run => typeof run.diverged_at_step === 'number';

// Why a column of a run may be empty.
function reason_for(run, column) {
  if (run.scenario.numbers === 'none' && !['messages', 'bytes', 'staleness'].includes(column))
    return 'This run computes no numbers ("numbers": "none"), only messages and their times.';
  const noun = noun_of_holder(run.scenario);
  if (/^(drift|disagreement)/.test(column) && honest_holders(run.scenario) === 1)
    return `There is only one honest ${noun}.`;
  if (diverged(run))
    return `The run diverged: no value is finite from step ${run.diverged_at_step} on.`;
  const reasons = {
    drift_before: 'This run has no gather at a recorded step.',
    contraction: 'This run has no gather at a recorded step with a diameter to contract.',
    alignment: `Alignment needs three honest ${noun}s that differ.`,
    variance_to_norm: `The variance needs the gradients of two honest ${
      has_nodes(run.scenario) ? 'nodes' : 'workers'}.`,
  };
  if (run.status !== 'trained') return 'The run recorded no such value before it ended.';
  return reasons[column] || 'No recorded step has a value of this column.';
}

function show_curves(page, run) {
  const metrics = parse_csv(data.metrics);
  const column = name => metrics.rows.map(
    row => in_unit(name, number_of(row[metrics.columns.indexOf(name)])));
  let x_name = 'step', chosen = 'variance_to_norm';
  const marks = () => !data.branch ? []
    : [{x: data.branch.parting[x_name], lines: [{text: 'the branch begins', tone: 'quiet'}]}];
  const content = names => () => ({
    x_name, x: column(x_name), unit: unit_of(names[0]), marks: marks(),
    series: names.map(name => ({name, values: column(name)})),
    reason: metrics.rows.length === 0 ? 'metrics.csv has no row.'
                                      : reason_for(run, names[0] || 'drift'),
  });
  const has_value = name => column(name).some(value => value !== null);
  // Of every gather where there were any, of the recorded steps otherwise.
  const gathers = parse_csv(data.gathers);
  const drift = () => {
    if (gathers.rows.length === 0 || !gathers.columns.includes(x_name))
      return content(honest_holders(run.scenario) < 2 ? []
        : ['drift', 'drift_before', 'disagreement'].filter(has_value))();
    const of_gathers = name => gathers.rows.map(
      row => number_of(row[gathers.columns.indexOf(name)]));
    return {
      x_name, x: of_gathers(x_name), marks: marks(), reason: reason_for(run, 'drift'),
      series: [{name: 'before a gather', values: of_gathers('drift_before')},
               {name: 'after it', values: of_gathers('drift')}]};
  };
  const charts = [
    new Chart('Accuracy on the test set',
              content(['accuracy', 'accuracy_worst', 'accuracy_of_mean', 'attack_success',
                       'validation_accuracy'])),
    new Chart('Loss on the test set', content(['loss'])),
    new Chart(on_graph(run.scenario) ? 'Drift between honest nodes'
                                     : 'Drift before and after gathers', drift, {log: true}),
    distances_chart(run),
  ];
  const any = new Chart('Any column', () => content([chosen])());
  charts.push(any);
  const choices = ['step', 'simulated_seconds', 'messages', 'bytes']
    .filter(name => metrics.columns.includes(name));
  const others = metrics.columns.filter(name => name !== 'step');
  chosen = [chosen, ...others].find(has_value) || others[0];
  any.heading.after(chooser('column', others, chosen, name => { chosen = name; any.draw(); }));
  page.append(element('h2', {}, 'Curves'),
    element('p', {class: 'quiet'}, 'One value a recorded step; a logarithmic scale leaves zeros ' +
      'out. Drag to zoom, double-click to see all again. Drift is the largest distance between ' +
      `two honest ${noun_of_holder(run.scenario)}s` + (!has_value('disagreement') ? '.'
        : ', disagreement the root of their mean squared distance from their mean.')),
    ...(diverged(run) ? [element('div', {class: 'verdict bad'}, element('strong', {}, 'Diverged.'),
      ` From step ${run.diverged_at_step} on the loss is not finite; what is undefined is not ` +
      'drawn.')] : []),
    element('div', {class: 'controls'}, chooser('Horizontal axis', choices, x_name, name => {
      x_name = name;
      for (const chart of charts) chart.draw();
    })),
    element('div', {class: 'charts'}, ...charts.map(chart => chart.panel)));
  for (const chart of charts) chart.draw();
}

function distances_chart(run) {
  const honest = honest_holders(run.scenario), noun = noun_of_holder(run.scenario);
  const many = honest > kMostLines;
  return new Chart(`Each honest ${noun}’s distance from their mean`, () => ({
    x_name: 'step', x: data.distances.map(row => row[0]),
    series: honest < 2 ? [] : many ? ranks_of_distances() : Array.from({length: honest}, (_, i) => (
      {name: `${noun} ${i}`, values: data.distances.map(row => row[i + 1])})),
    reason: reason_for(run, 'drift'),
  }), {log: true, note: `Euclidean distance between a ${noun}’s model and the mean of the honest ` +
    `${noun}s’ models of the same step, taken from the replay.` +
    (many ? ` Of ${short(honest)} ${noun}s the largest, the median and the least are drawn.`
          : '')});
}

// Of each recorded step.
function ranks_of_distances() {
  const sorted = data.distances.map(
    ([, ...row]) => row.filter(value => value !== null).sort((a, b) => a - b));
  const at = share => sorted.map(row => row[Math.round(share * (row.length - 1))] ?? null);
  return [{name: 'largest', values: at(1)}, {name: 'median', values: at(0.5)},
          {name: 'least', values: at(0)}];
}

function show_timeline(page, run) {
  const {timeline} = data;
  page.append(element('h2', {}, 'Timeline'));
  if (timeline.messages === 0) {
    page.append(empty_panel('No message arrived in the recorded part of this run (byzsim report ' +
                            '--from STEP --events N sets which part is recorded).'));
    return;
  }
  const view = new Timeline(timeline), uses = element('section');
  page.append(element('p', {class: 'quiet'}, ...part_shown(timeline, run),
    ' Time runs to the right. An arrow goes from the sending of a message to its arrival; ' +
    'messages that never arrived are not drawn. The strip shows when messages arrive and steps ' +
    'begin: click there to go to that time. Click a node’s name to see its messages alone.'),
    view.build(), uses);
  view.draw();
  unpacked(0).then(({first, steps, pairs}) => {
    view.mark_steps(first, running_sums(steps));
    uses.append(...matrices(timeline, pairs));
  }, error => uses.append(empty_panel(cannot_unpack(error))));
}

// Which part of the run is on the timeline, and how another is had.
function part_shown({messages, from, begin, until, whole}, run) {
  const option = text => element('code', {class: 'whole'}, text);
  const since = from > 0 ? ` from step ${from} on` : data.branch ? ' since the branch began' : '';
  if (whole) return [`All ${short(messages)} messages that arrived${since}, from the replay.`];
  return [`${short(messages)} messages that arrived${since}, of ${short(run.messages)} sent in ` +
    `the whole run: from ${span_text(begin, until)} to ${span_text(until)} of simulated time. `,
    option('--from STEP'), ' sets the step with which they begin, ', option('--events N'),
    ' their number.'];
}

function scenario_and_provenance(run) {
  const {provenance = {}, digest = {}} = run;
  const code = text => element('code', {}, String(text));
  const known = rows => rows.filter(([, value]) => value !== undefined && value !== '');
  const counts = object => Object.entries(object || {})
    .filter(([, count]) => count > 0).map(([name, count]) => `${short(count)} ${name}`).join(', ');
  return [
    element('h2', {}, 'Messages'),
    table([{name: 'what'}, {name: 'in the whole run'}], [
      ['sent, by kind', counts(run.messages_by_kind) || 'none'],
      ['arrived, by use', counts(run.deliveries) || 'none'],
      ['lost and duplicated by faults', counts(run.faults) || 'none'],
      ['mean wait for a quorum', Object.entries(run.quorum_wait_seconds || {})
        .filter(([role]) => !has_nodes(run.scenario) || role !== 'workers')
        .map(([role, seconds]) => `${has_nodes(run.scenario) ? 'nodes' : role} ` +
          span_text(1e9 * seconds)).join(', ')]]),
    element('h2', {}, 'Provenance'),
    table([{name: 'layer'}, {name: 'digest'}, {name: data.case ? 'in the atlas' : 'replayed'}],
      Object.entries(data.replayed.digest).map(([layer, now]) => [layer, code(digest[layer]),
        element('span', {class: now === digest[layer] ? 'good' : 'bad-word'},
                now === digest[layer] ? '✓ the same' : `✗ ${now}`)])),
    table([{name: ''}, {name: ''}], known([
      ['id', run.id], ['numeric profile', run.profile], ['seed', run.seed],
      ['byzsim', run.version], ['git revision', provenance.git],
      ['compiler', provenance.compiler], ['flags', provenance.flags],
      ['libraries', Object.entries(provenance.libraries || {})
        .map(([name, version]) => `${name} ${version}`).join(', ')],
      ['this page made by', `byzsim ${data.version}`],
      ['check it again', data.case ? `byzsim run ${data.case}` : `byzsim verify ${data.directory}`]])
      .map(([name, value]) => [name, code(value)])),
    element('h2', {}, 'Scenario'),
    element('details', {}, element('summary', {}, 'The whole scenario, as it was run'),
      element('pre', {tabindex: 0}, JSON.stringify(run.scenario, null, 2))),
  ];
}
