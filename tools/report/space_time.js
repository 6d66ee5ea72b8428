// How a window of the timeline is painted: a line a node, an arrow a message, a bar a computation.

const kLeft = 150, kRight = 16, kTop = 26;

class SpaceTime {
  // `choose` is called with the index of a node whose name is clicked; times are shown in the unit
  // of `scale`.
  constructor(nodes, scale, choose) {
    this.nodes = nodes;
    this.scale = scale;
    this.choose = choose;
    this.lanes = [...nodes.keys()].filter(i => nodes[i].shown);
    this.lane = new Map(this.lanes.map((node, i) => [node, i]));
    this.row = Math.max(7, Math.min(24, 600 / this.lanes.length));
    this.box = element('div', {class: 'space-time', tabindex: 0, role: 'region',
                               'aria-label': 'Space-time view'});
  }

  // To a thousandth of the window.
  at(time) { return span_text(time, this.scale, this.width / 1000); }

  // `words` take the place of arrows that are too many.
  paint(window, time, focus, messages, slices, words = '') {
    this.width = window.end - window.begin;
    const across = Math.max(600, this.box.clientWidth || 1200);
    const height = kTop + this.lanes.length * this.row + 8;
    const x = at => kLeft + (at - window.begin) / (window.end - window.begin) *
      (across - kLeft - kRight);
    const y = node => kTop + (this.lane.get(node) + 0.5) * this.row;
    this.box.replaceChildren(drawn('svg', {width: across, height},
      drawn('defs', {}, ...['used', 'unused', 'byzantine'].map(head),
        drawn('clipPath', {id: 'inside'}, drawn('rect', {x: kLeft, y: 0,
          width: across - kLeft - kRight, height}))),
      ...this.ticks(window, x, height),
      ...this.lanes.flatMap(node => this.life(node, y(node), across, focus)),
      drawn('g', {'clip-path': 'url(#inside)'},
        ...slices.map(slice => this.slice(slice, x, y)),
        ...messages.map(message => this.arrow(message, time, x, y))),
      drawn('line', {class: 'now', x1: x(time), x2: x(time), y1: kTop - 8, y2: height}),
      drawn('text', {class: 'words', x: (kLeft + across - kRight) / 2, y: kTop + 46}, words)));
  }

  ticks(window, x, height) {
    const rough = (window.end - window.begin) / 8, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(f => f * power).find(each => each >= rough);
    const ticks = [];
    for (let t = Math.ceil(window.begin / step) * step; t <= window.end; t += step)
      ticks.push(drawn('line', {class: 'grid', x1: x(t), x2: x(t), y1: kTop - 8, y2: height}),
        drawn('text', {class: 'tick', x: Math.max(kLeft + 22, Math.min(x(t), x(window.end) - 30)),
                       y: 13}, span_text(t, this.scale, step)));
    return ticks;
  }

  life(i, y, across, focus) {
    const node = this.nodes[i];
    const kind = node.byzantine ? ' byzantine' : '';
    const line = drawn('line',
      {class: 'life' + kind, x1: kLeft, x2: across - kRight, y1: y, y2: y});
    if (this.row < 12 && this.lane.get(i) % Math.ceil(12 / this.row) !== 0 && i !== focus)
      return [line];
    const name = drawn('text', {class: 'name' + kind + (i === focus ? ' focus' : ''),
      x: kLeft - 8, y: y + 4, onclick: () => this.choose(i)},
      node.twin ? 'its twin' : (node.byzantine ? 'Byzantine ' : '') + node.name);
    return [line, name];
  }

  slice(slice, x, y) {
    const high = this.row * 0.36;
    const kind = slice.phase === 'gradient' ? 'gradient' : 'aggregation';
    return drawn('rect', {class: 'slice ' + kind,
      x: x(slice.begun), width: Math.max(1, x(slice.ended) - x(slice.begun)),
      y: y(slice.node) - high / 2, height: high},
      drawn('title', {}, `${this.nodes[slice.node].name} computes its ${slice.phase} of step ` +
        `${slice.step}: ${this.at(slice.begun)} to ${this.at(slice.ended)}`));
  }

  arrow(message, time, x, y) {
    const byzantine = this.nodes[message.sender].byzantine;
    const head_kind = byzantine ? 'byzantine' : message.use === 'unused' ? 'unused' : 'used';
    const under_way = message.sent <= time && time < message.received;
    return drawn('line', {
      class: `arrow ${message.use}${byzantine ? ' byzantine' : ''}${under_way ? ' under-way' : ''}`,
      x1: x(message.sent), y1: y(message.sender), x2: x(message.received), y2: y(message.receiver),
      'marker-end': `url(#head-${head_kind})`}, drawn('title', {}, this.sentence(message)));
  }

  sentence(message) {
    return `${message.phase} of step ${message.step}, ${this.nodes[message.sender].name} to ` +
      `${this.nodes[message.receiver].name}: sent ${this.at(message.sent)}, arrived ` +
      `${this.at(message.received)}, ${message.verdict}, ${bytes_text(message.bytes)}`;
  }
}

function head(kind) {
  return drawn('marker', {id: 'head-' + kind, viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7,
    markerHeight: 7, markerUnits: 'userSpaceOnUse', orient: 'auto'},
    drawn('path', {d: 'M0,0.8 L8,4 L0,7.2 z'}));
}
