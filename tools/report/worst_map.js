// The map on the page of a sweep: two axes tell its cells apart. Any other axis has one value for
// all cells, or each cell shows the one that is worst once seeds are averaged, such as an attack.

const kMostMapCells = 2000;
// As a search judges; of any other metric the larger value is worse.
const kWorst = 'the worst';
const kWorseWhenLess = ['accuracy', 'accuracy_worst', 'accuracy_of_mean', 'accepted_share'];

// Lists by key, in the order in which keys appear.
function grouped(list, key_of) {
  const groups = new Map();
  for (const each of list) {
    const key = key_of(each);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(each);
  }
  return groups;
}

// What ended the training of some runs, whose last value stands for them.
const early_ends = runs => Object.entries({stalled: 'stalled', out_of_time: 'out of time'})
  .filter(([status]) => runs.some(run => run.status === status)).map(([, word]) => word);

class WorstMap {
  constructor(sweep) {
    this.sweep = sweep;
    this.axes = sweep.varying.filter(axis => axis !== sweep.seeds);
    this.metric = sweep.metric;
    this.columns = this.axes.includes(sweep.axis) ? sweep.axis : this.axes[0];
    const others = this.axes.filter(axis => axis !== this.columns);
    // Rows of attacks would leave none to take the worst of.
    this.rows = others.find(axis => !/attack|adversary/.test(axis.name)) || others[0];
    this.fixed = new Map();  // axis -> its one value
  }

  // The axes that tell no cells apart, and those of which each cell has the worst.
  get others() { return this.axes.filter(axis => axis !== this.columns && axis !== this.rows); }
  get hidden() { return this.others.filter(axis => !this.fixed.has(axis)); }

  values(axis) { return [...new Set(this.sweep.runs.map(axis.text))]; }

  fix(axis, value) {
    if (value === kWorst) this.fixed.delete(axis);
    else this.fixed.set(axis, value);
  }

  get runs() {
    return this.sweep.runs.filter(run => this.others.every(
      axis => !this.fixed.has(axis) || this.fixed.get(axis) === axis.text(run)));
  }

  // An axis in one direction; that of the other gives way.
  turn(direction, name) {
    const other = direction === 'columns' ? 'rows' : 'columns', before = this[direction];
    this[direction] = this.axes.find(axis => axis.name === name);
    if (this[other] === this[direction]) this[other] = before;
  }

  // The mean of a metric over runs; null where one has no value or has diverged.
  mean(runs) {
    const values = runs.map(run => run.status === 'diverged' ? null
      : in_unit(this.metric, number_of(run.field(this.metric))));
    return values.includes(null) ? null : values.reduce((a, b) => a + b) / values.length;
  }

  // {mean, name, text of all that was compared, word in place of a number} of the runs of a cell.
  cell_of(runs) {
    const has_result = run => !['missing', 'failed'].includes(run.status);
    const compared = grouped(runs.filter(has_result),
                             run => this.sweep.place_of(run, this.hidden));
    const harm = mean => mean === null ? Infinity
      : kWorseWhenLess.includes(this.metric) ? -mean : mean;
    let worst = null;
    for (const [name, of_name] of compared) {
      const each = {name, mean: this.mean(of_name), runs: of_name};
      if (worst === null || harm(each.mean) > harm(worst.mean)) worst = each;
    }
    if (worst === null) return {mean: null, name: '', text: '', word: 'missing'};
    const means = [...compared.values()].map(of_name => this.mean(of_name));
    const equal = means.length > 1 && means.every(mean => mean === worst.mean);
    const word = worst.runs.some(run => run.status === 'diverged') ? 'diverged' : 'undefined';
    const names = [equal ? 'any' : this.hidden_values(worst.runs[0]), ...early_ends(worst.runs)];
    return {mean: worst.mean, word, name: names.filter(Boolean).join(', '),
            text: [...compared.keys()].map((name, i) =>
              `${name || this.metric}: ${short(means[i])}${unit_of(this.metric)}`).join('\n')};
  }

  hidden_values(run) {
    const {hidden} = this;
    return hidden.length === 1 ? hidden[0].text(run) : this.sweep.place_of(run, hidden);
  }

  heading() {
    const over = this.hidden.map(axis => axis.name).join(' and ');
    const at = this.others.filter(axis => this.fixed.has(axis))
      .map(axis => `, ${axis.name} ${this.fixed.get(axis)}`).join('');
    return (over ? `Worst final ${this.metric} over ${over}` : `Final ${this.metric}`) + at;
  }

  table() {
    const {columns, rows} = this;
    const across = this.values(columns), down = this.values(rows);
    if (across.length * down.length > kMostMapCells)
      return empty_panel(`The map has ${short(across.length * down.length)} cells, and at most ` +
        `${short(kMostMapCells)} are drawn.`);
    const runs = grouped(this.runs, run => JSON.stringify([columns.text(run), rows.text(run)]));
    const cells = down.map(row => across.map(column =>
      this.cell_of(runs.get(JSON.stringify([column, row])) || [])));
    const means = cells.flat().map(cell => cell.mean).filter(mean => mean !== null);
    const low = Math.min(...means), high = Math.max(...means);
    const share = mean => high > low ? (mean - low) / (high - low) : 0.5;
    const head = name => element('th', {scope: 'col'}, name);
    return element('div', {}, element('div', {class: 'scroll'}, element('table', {class: 'map'},
      element('thead', {},
        element('tr', {}, head(''), element('th', {colspan: across.length, class: 'axis'},
                                            columns.name)),
        element('tr', {}, head(rows.name), ...across.map(head))),
      element('tbody', {}, ...down.map((row, i) => element('tr', {},
        element('th', {scope: 'row'}, row),
        ...cells[i].map(cell => this.cell_element(cell, share))))))),
      means.length === 0 ? null : element('div', {class: 'map-key small'},
        `${short(low)} ${unit_of(this.metric)}`, element('span', {}),
        `${short(high)} ${unit_of(this.metric)}, ${this.metric}`));
  }

  cell_element(cell, share) {
    const depth = cell.mean === null ? 0 : 0.06 + 0.94 * share(cell.mean);
    return element('td', {title: cell.text, class: cell.mean === null ? 'word' : undefined,
      style: cell.mean === null ? undefined
        : `background: color-mix(in srgb, var(--used) ${(100 * depth).toFixed(1)}%, ` +
          `var(--paper)); color: var(--${depth > 0.66 ? 'paper' : 'ink'})`},
      cell.mean === null ? cell.word : short(cell.mean, 3), element('small', {}, cell.name));
  }
}

// Nothing where the sweep has fewer than two axes.
function show_map(sweep) {
  const map = new WorstMap(sweep);
  if (map.axes.length < 2) return null;
  const heading = element('h2'), controls = element('div', {class: 'controls'});
  const box = element('div');
  const names = map.axes.map(axis => axis.name);
  const redraw = () => {
    heading.textContent = map.heading();
    controls.replaceChildren(
      chooser('Metric', sweep.metrics, map.metric, name => { map.metric = name; redraw(); }),
      chooser('Columns', names, map.columns.name, name => { map.turn('columns', name); redraw(); }),
      chooser('Rows', names, map.rows.name, name => { map.turn('rows', name); redraw(); }),
      ...map.others.map(axis => chooser(axis.name, [kWorst, ...map.values(axis)],
        map.fixed.get(axis) || kWorst, value => { map.fix(axis, value); redraw(); })));
    box.replaceChildren(map.table());
  };
  redraw();
  return element('section', {class: 'worst-map'}, heading,
    element('p', {class: 'quiet'}, 'A cell is the mean over seeds at the end of the runs. Of ' +
      'each further axis it is the worst value, which is named below the number, unless you ' +
      'choose one: the smallest of accuracies, the largest of any other metric; a run that has diverged ' +
      'is worse than any other.'), controls, box);
}
