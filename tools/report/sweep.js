// The page of a sweep: its points, their final metrics along an axis, their curves.

const kMostChosen = 14;

class Sweep {
  constructor() {
    const lines = data.plan.split('\n').filter(line => line.trim() !== '');
    this.axes = Object.keys(JSON.parse(lines[0] || '{"axes": {}}').axes);
    this.summary = parse_csv(data.summary);
    this.names = axis_names(this.axes);
    const place = name => this.summary.columns.indexOf(name);
    const varies = name => new Set(this.summary.rows.map(row => row[place(name)])).size > 1;
    this.varying = [...this.axes, 'seed'].filter(varies);
    this.points = this.summary.rows.map(row => ({
      row, id: row[place('id')], status: row[place('status')], field: name => row[place(name)]}));
    const behind = place('expectations_held') + 1;
    this.metrics = [...this.summary.columns.slice(behind), 'simulated_seconds', 'messages', 'bytes']
      .filter((name, i, all) => place(name) >= 0 && all.indexOf(name) === i);
    this.curves = parse_csv(data.curves);
    this.curve_metrics = this.curves.columns.slice(this.curves.columns.indexOf('step') + 1);
    this.rows_of_point = new Map();
    const point = this.curves.columns.indexOf('point');
    for (const row of this.curves.rows) {
      if (!this.rows_of_point.has(row[point])) this.rows_of_point.set(row[point], []);
      this.rows_of_point.get(row[point]).push(row);
    }
    const drawable = this.points.filter(each => this.rows_of_point.has(each.field('point')));
    const every = Math.ceil(drawable.length / 6);
    this.chosen = new Set(drawable.filter((_, i) => i % every === 0));
    const first = names => ['accuracy', 'loss', 'drift', ...names].find(name => names.includes(name)
      && this.points.some(each => number_of(each.field(name)) !== null)) || names[0];
    this.metric = first(this.metrics);
    this.curve_metric = first(this.curve_metrics);
    const axes = this.varying.filter(name => name !== 'seed');
    this.axis = axes.find(name => this.is_numeric(name)) || axes[0] || this.varying[0] ||
      this.axes[0] || 'seed';
    this.sorted = {column: null, down: false};
  }

  is_numeric(axis) {
    return this.points.every(point => number_of(point.field(axis)) !== null);
  }

  short(axis) { return this.names.get(axis) || axis; }

  // Where a point stands on these axes.
  place_of(point, axes) {
    return axes.map(axis => `${this.short(axis)} ${point.field(axis)}`).join(', ');
  }

  name(point) {
    return this.place_of(point, this.varying) || `point ${point.field('point')}`;
  }

  // The metric against the axis: a line for each combination of the other axes, seeds as a band
  // from the least to the greatest around their mean. Names stand side by side, not on one place.
  final_content() {
    const others = this.varying.filter(name => name !== this.axis && name !== 'seed');
    const names = [...new Set(this.points.map(point => point.field(this.axis)))];
    const numeric = this.is_numeric(this.axis);
    const groups = new Map();  // name of the line -> position -> values
    for (const point of this.points) {
      const value = number_of(point.field(this.metric));
      if (value === null) continue;
      const name = this.place_of(point, others) || this.metric, at = point.field(this.axis);
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
      x_name: this.short(this.axis) + (x_log ? ' (logarithmic)' : ''), x: mean.x, x_log,
      points: true, connected: true,
      categories: numeric ? null : names,
      reason: `No point has a value of ${this.metric}: runs that diverged or compute no numbers ` +
        'have none.',
      series: [...groups.keys()].map((name, i) => ({name, values: mean.columns[i],
        ...(several ? {low: low.columns[i], high: high.columns[i]} : {})})),
    };
  }

  curves_content() {
    const column = name => this.curves.columns.indexOf(name);
    const chosen = [...this.chosen];
    const lists = name => chosen.map(point => (this.rows_of_point.get(point.field('point')) || [])
      .map(row => number_of(row[column(name)])));
    const {x, columns} = joined(lists('step'), lists(this.curve_metric));
    return {
      x_name: 'step', x, connected: true,
      series: chosen.map((point, i) => ({name: this.name(point), values: columns[i]})),
      reason: chosen.length === 0 ? 'No point is chosen: tick some in the table.'
        : `The chosen points have no value of ${this.curve_metric}.`,
    };
  }
}

// Pointers by the words that tell them apart: "workers/aggregator" of /workers/aggregator/name.
function axis_names(axes) {
  const words = axis => axis.split('/')
    .filter(word => !['', 'name', 'parameters', 'value'].includes(word));
  const brief = axes.map(axis => words(axis).slice(-2).join('/') || axis);
  return new Map(axes.map((axis, i) =>
    [axis, brief.filter(name => name === brief[i]).length > 1 ? axis : brief[i]]));
}

function show_sweep(page) {
  const sweep = new Sweep();
  const count = status => sweep.points.filter(point => point.status === status).length;
  const without = sweep.points.filter(point => ['missing', 'failed'].includes(point.status)).length;
  const path = data.directory.replace(/\/+$/, '');
  document.title = `${data.name} – byzsim report`;
  page.append(element('h1', {}, data.name),
    element('p', {class: 'quiet'}, `A sweep of ${sweep.points.length} points along ` +
      (sweep.axes.map(axis => sweep.short(axis)).join(', ') || 'its seeds') + '. This page was ' +
      `made by byzsim ${data.version}.`));
  if (without > 0)
    page.append(element('div', {class: 'verdict bad', role: 'alert'},
      element('strong', {}, 'Not complete.'), ` ${without} of ${sweep.points.length} points have ` +
      `no result (${count('failed')} failed, ${count('missing')} not run).`));
  if (sweep.points.length === 0) {
    page.append(empty_panel('The sweep has no points.'));
    return;
  }
  const final = new Chart('', () => sweep.final_content(),
    {note: 'The last recorded row of each run. With several seeds a point is their mean, and its ' +
      'band or line reaches from the least to the greatest.'});
  const curves = new Chart('', () => sweep.curves_content());
  const table_box = element('div');
  const redraw = () => { title_charts(); final.draw(); curves.draw(); };
  const title_charts = () => {
    final.heading.textContent = `Final ${sweep.metric} against ${sweep.short(sweep.axis)}`;
    curves.heading.textContent = `Curves of ${sweep.curve_metric}`;
  };
  const axes = sweep.varying.length > 0 ? sweep.varying : [sweep.axis];
  page.append(element('div', {class: 'charts', style: 'margin-top: 20px'},
    element('div', {}, element('div', {class: 'controls'},
      chooser('Metric', sweep.metrics, sweep.metric, name => { sweep.metric = name; redraw(); }),
      chooser('Axis', axes, sweep.axis, name => { sweep.axis = name; redraw(); })), final.panel),
    element('div', {}, element('div', {class: 'controls'},
      chooser('Metric', sweep.curve_metrics, sweep.curve_metric,
              name => { sweep.curve_metric = name; redraw(); })), curves.panel)),
    element('h2', {}, 'Points'),
    element('p', {class: 'quiet'}, 'Click a heading to sort by it; tick the points whose curves ' +
      `are to be drawn, ${kMostChosen} at most. `,
      element('code', {}, `byzsim report ${path}/runs/ID`), ' shows one of them in full.'),
    table_box);
  show_points(sweep, table_box, redraw);
  redraw();
}

function show_points(sweep, box, redraw) {
  const shown = ['status', ...sweep.axes, 'seed', 'accuracy', 'loss', 'drift', 'steps',
    'diverged_at_step', 'expectations_held', 'id', 'digest']
    .filter((name, i, all) => sweep.summary.columns.includes(name) && all.indexOf(name) === i &&
      (name !== 'expectations_held' || sweep.points.some(each => each.field('expectations') > 0)) &&
      (name !== 'diverged_at_step' || sweep.points.some(each => each.field(name) !== '')));
  const is_number = field => field === '' || number_of(field) !== null;
  const numeric = new Set(shown.filter(name => !['status', 'digest', 'id'].includes(name) &&
    sweep.points.every(point => is_number(point.field(name)))));
  const {column, down} = sweep.sorted;
  const points = [...sweep.points];
  if (column) points.sort((a, b) => compared(a, b, column, numeric.has(column), down));
  const sort_by = name => {
    sweep.sorted = {column: name, down: column === name && !down};
    show_points(sweep, box, redraw);
    box.querySelector(`[data-column="${CSS.escape(name)}"]`).focus();
  };
  const heading = name => element('th', {class: numeric.has(name) ? 'number' : undefined,
    scope: 'col', 'aria-sort': column === name ? (down ? 'descending' : 'ascending') : undefined},
    element('button', {type: 'button', 'data-column': name, onclick: () => sort_by(name)},
      sweep.short(name) + (column === name ? (down ? ' ▼' : ' ▲') : '')));
  box.replaceChildren(element('div', {class: 'scroll', style: 'max-height: 640px'},
    element('table', {class: 'points'},
      element('thead', {}, element('tr', {}, element('th', {}, ''), ...shown.map(heading))),
      element('tbody', {}, ...points.map(point => point_row(sweep, point, shown, numeric,
                                                            redraw))))));
}

function point_row(sweep, point, shown, numeric, redraw) {
  const has_curve = sweep.rows_of_point.has(point.field('point'));
  const box = element('input', {type: 'checkbox', checked: sweep.chosen.has(point),
    disabled: !has_curve, 'aria-label': 'draw the curve of ' + sweep.name(point),
    onchange: () => {
      if (box.checked && sweep.chosen.size >= kMostChosen) box.checked = false;
      if (box.checked) sweep.chosen.add(point); else sweep.chosen.delete(point);
      row.classList.toggle('chosen', box.checked);
      redraw();
    }});
  const content = name => {
    const field = point.field(name);
    if (name === 'digest' || name === 'id') return element('code', {class: 'whole'}, field);
    if (name === 'expectations_held') return `${field} of ${point.field('expectations')}`;
    const value = numeric.has(name) && name !== 'seed' ? number_of(field) : null;
    return value === null ? field : short(value, 5);
  };
  const row = element('tr', {class: sweep.chosen.has(point) ? 'chosen' : undefined},
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
