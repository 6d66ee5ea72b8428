// The space-time view: a line a node, an arrow a message, a window that moves through time.

const kLeft = 150, kRight = 16, kTop = 26, kMostArrows = 4000;

// Of a verdict, what a reader asks first: did the receiver use it?
const use_of = verdict => ({counted: 'used', buffered: 'kept'})[verdict] || 'unused';
const use_names = {used: 'used in a quorum', kept: 'kept for a later step', unused: 'not used'};

class Timeline {
  constructor(timeline) {
    this.nodes = timeline.nodes;
    this.begin = timeline.begin;
    this.until = timeline.until;
    this.span = Math.max(1, this.until - this.begin);
    this.messages = timeline.messages.map(
      ([sender, receiver, phase, step, sent, received, verdict, bytes]) => ({
        sender, receiver, phase: timeline.phases[phase], step, sent, received,
        verdict: timeline.verdicts[verdict], use: use_of(timeline.verdicts[verdict]), bytes}));
    this.slices = timeline.computations.map(([node, phase, step, begun, ended]) =>
      ({node, phase: timeline.phases[phase], step, begun, ended}));
    this.row = Math.max(7, Math.min(24, 600 / this.nodes.length));
    this.phases = new Set(this.messages.map(message => message.phase));
    this.uses = new Set(Object.keys(use_names));
    this.focus = null;
    this.widths = this.window_widths();
    const fitting = this.span * Math.min(1, 240 / Math.max(1, this.messages.length));
    this.width = this.widths.find(width => width >= fitting) || this.span;
    this.time = Math.min(this.until, this.begin + Math.round(this.width / 2));
    this.playing = false;
  }

  // 1, 2, 5 times powers of ten, from a thousandth of the whole up to it.
  window_widths() {
    const widths = [];
    for (let power = 1; power < this.span; power *= 10)
      for (const factor of [1, 2, 5])
        if (factor * power > this.span / 1000 && factor * power < this.span)
          widths.push(factor * power);
    return [...widths, this.span];
  }

  build() {
    this.slider = element('input', {type: 'range', min: this.begin, max: this.until, step: 'any',
      'aria-label': 'Simulated time', oninput: () => this.move_to(Number(this.slider.value)),
      onkeydown: event => this.on_key(event)});
    this.clock = element('output');
    this.button = element('button', {type: 'button', onclick: () => this.play(!this.playing)},
                          '▶ Play');
    this.words = element('p', {class: 'small', 'aria-live': 'polite'});
    this.view = element('div', {class: 'space-time', tabindex: 0, role: 'region',
                                'aria-label': 'Space-time view'});
    this.heard = element('div');
    const repaint_later = () => this.draw();
    new ResizeObserver(repaint_later).observe(this.view);
    return element('div', {class: 'timeline'},
      element('div', {class: 'scrubber'}, this.button, this.slider, this.clock),
      this.controls(), this.key(), this.view, this.words, this.heard);
  }

  controls() {
    const toggled = (set, name) => tick_box(use_names[name] || name, true, on => {
      if (on) set.add(name); else set.delete(name);
      this.draw();
    });
    const names = this.widths.map(width => span_text(width));
    const everyone = 'everyone';
    this.chooser = chooser('Only to and from', [everyone, ...this.nodes.map(node => node.name)],
      everyone, name => this.look_at(this.nodes.findIndex(node => node.name === name)));
    return element('div', {class: 'controls'},
      chooser('Window', names, span_text(this.width), name => {
        this.width = this.widths[names.indexOf(name)];
        this.draw();
      }),
      this.chooser,
      ...[...this.phases].map(phase => toggled(this.phases, phase)),
      ...Object.keys(use_names).map(use => toggled(this.uses, use)));
  }

  key() {
    const arrow = (kind, name) => element('span', {}, drawn('svg', {width: 34, height: 10},
      drawn('line', {x1: 0, y1: 5, x2: 34, y2: 5, class: 'arrow under-way ' + kind})), name);
    const slice = (kind, name) => element('span', {}, drawn('svg',
      {width: 22, height: 10, class: 'space-time-key'}, drawn('rect', {width: 22, height: 10,
        style: `fill: var(--${kind})`})), name);
    return element('div', {class: 'key'}, arrow('', 'used in a quorum'),
      arrow('kept', 'kept for a later step'), arrow('unused', 'not used: late, stale or twice'),
      arrow('byzantine', 'from a Byzantine node'), slice('gradient', 'computes a gradient'),
      slice('aggregation', 'computes a model'),
      element('span', {}, 'bold: under way at the time of the cursor'));
  }

  // A node by its index, or everyone (-1); twice is everyone again.
  look_at(node) {
    this.focus = node < 0 || node === this.focus ? null : node;
    this.chooser.querySelector('select').selectedIndex = this.focus === null ? 0 : this.focus + 1;
    this.draw();
  }

  on_key(event) {
    const step = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10,
                  PageDown: -10}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.move_to(this.time + step * this.width / 20);
  }

  move_to(time) {
    this.time = Math.max(this.begin, Math.min(this.until, time));
    this.draw();
  }

  // One window takes six seconds.
  play(on) {
    if (on && this.time >= this.until) this.time = this.begin;
    this.playing = on;
    this.button.textContent = on ? '❚❚ Pause' : '▶ Play';
    let before = null;
    const frame = now => {
      if (!this.playing) return;
      if (before !== null) this.move_to(this.time + this.width * (now - before) / 6000);
      before = now;
      if (this.time >= this.until) this.play(false);
      else requestAnimationFrame(frame);
    };
    if (on) requestAnimationFrame(frame);
  }

  shows(message) {
    return this.phases.has(message.phase) && this.uses.has(message.use) &&
      (this.focus === null || message.sender === this.focus || message.receiver === this.focus);
  }

  draw() {
    const begin = Math.max(this.begin,
                           Math.min(this.until - this.width, this.time - this.width / 2));
    const window = {begin, end: begin + this.width};
    const inside = this.messages.filter(message => message.received > window.begin &&
      message.sent < window.end && this.shows(message));
    this.slider.value = this.time;
    this.slider.setAttribute('aria-valuetext', span_text(this.time, this.until));
    this.clock.textContent = span_text(this.time, this.until);
    this.paint(window, inside.slice(0, kMostArrows));
    this.tell(window, inside);
  }

  paint(window, messages) {
    const across = Math.max(600, this.view.clientWidth || 1200);
    const height = kTop + this.nodes.length * this.row + 8;
    const x = time => kLeft + (time - window.begin) / this.width * (across - kLeft - kRight);
    const y = node => kTop + (node + 0.5) * this.row;
    this.view.replaceChildren(drawn('svg', {width: across, height},
      drawn('defs', {}, ...['used', 'unused', 'byzantine'].map(head),
        drawn('clipPath', {id: 'inside'}, drawn('rect', {x: kLeft, y: 0,
          width: across - kLeft - kRight, height}))),
      ...this.ticks(window, x, height),
      ...this.nodes.flatMap((node, i) => this.life(node, i, y(i), across)),
      drawn('g', {'clip-path': 'url(#inside)'},
        ...this.slices.filter(slice => slice.ended > window.begin && slice.begun < window.end)
          .map(slice => this.slice(slice, x, y)),
        ...messages.map(message => this.arrow(message, x, y))),
      drawn('line', {class: 'now', x1: x(this.time), x2: x(this.time), y1: kTop - 8, y2: height})));
  }

  ticks(window, x, height) {
    const rough = this.width / 8, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(f => f * power).find(each => each >= rough);
    const ticks = [];
    for (let t = Math.ceil(window.begin / step) * step; t <= window.end; t += step)
      ticks.push(drawn('line', {class: 'grid', x1: x(t), x2: x(t), y1: kTop - 8, y2: height}),
        drawn('text', {class: 'tick', x: Math.max(kLeft + 22, Math.min(x(t), x(window.end) - 30)),
                       y: 13}, span_text(t, this.until)));
    return ticks;
  }

  life(node, i, y, across) {
    const kind = node.byzantine ? ' byzantine' : '';
    const line = drawn('line',
      {class: 'life' + kind, x1: kLeft, x2: across - kRight, y1: y, y2: y});
    if (this.row < 12 && i % Math.ceil(12 / this.row) !== 0 && i !== this.focus) return [line];
    const name = drawn('text', {class: 'name' + kind + (i === this.focus ? ' focus' : ''),
      x: kLeft - 8, y: y + 4, onclick: () => this.look_at(i)},
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
        `${slice.step}: ${span_text(slice.begun, this.until)} to ` +
        span_text(slice.ended, this.until)));
  }

  arrow(message, x, y) {
    const byzantine = this.nodes[message.sender].byzantine;
    const head_kind = byzantine ? 'byzantine' : message.use === 'unused' ? 'unused' : 'used';
    const under_way = message.sent <= this.time && this.time < message.received;
    return drawn('line', {
      class: `arrow ${message.use}${byzantine ? ' byzantine' : ''}${under_way ? ' under-way' : ''}`,
      x1: x(message.sent), y1: y(message.sender), x2: x(message.received), y2: y(message.receiver),
      'marker-end': `url(#head-${head_kind})`}, drawn('title', {}, this.sentence(message)));
  }

  sentence(message) {
    const at = time => span_text(time, this.until);
    return `${message.phase} of step ${message.step}, ${this.nodes[message.sender].name} to ` +
      `${this.nodes[message.receiver].name}: sent ${at(message.sent)}, arrived ` +
      `${at(message.received)}, ${message.verdict}, ${bytes_text(message.bytes)}`;
  }

  tell(window, inside) {
    const arrivals = inside.filter(message => message.received <= window.end);
    const count = test => arrivals.filter(test).length;
    const verdicts = [...new Set(arrivals.map(message => message.verdict))]
      .filter(verdict => use_of(verdict) === 'unused')
      .map(verdict => `${count(message => message.verdict === verdict)} ${verdict}`);
    this.words.textContent = `From ${span_text(window.begin, this.until)} to ` +
      `${span_text(window.end, this.until)}: ${arrivals.length} messages arrive, ` +
      `${count(message => message.use === 'used')} used at once, ` +
      `${count(message => message.use === 'kept')} kept for a later step, ` +
      `${count(message => message.use === 'unused')} not used` +
      (verdicts.length > 0 ? ` (${verdicts.join(', ')})` : '') +
      `; ${count(message => this.nodes[message.sender].byzantine)} come from Byzantine nodes.` +
      (inside.length > kMostArrows ? ` The first ${kMostArrows} are drawn: choose a narrower ` +
        'window or one node.' : '');
    this.heard.replaceChildren(...(this.focus === null ? [] : [this.heard_table(arrivals)]));
  }

  // What the node in focus heard, in the order of arrival.
  heard_table(arrivals) {
    const rows = arrivals.filter(message => message.receiver === this.focus).slice(0, 200)
      .map(message => [span_text(message.received, this.until), this.nodes[message.sender].name +
        (this.nodes[message.sender].byzantine ? ' (Byzantine)' : ''), message.phase,
        String(message.step), message.verdict,
        span_text(message.received - message.sent, this.until)]);
    const title = element('h3', {}, `Messages to ${this.nodes[this.focus].name} in this window`);
    if (rows.length === 0) return element('div', {}, title, empty_panel('Nothing.'));
    return element('div', {}, title, table(
      [{name: 'arrived', number: true}, {name: 'from'}, {name: 'what'},
       {name: 'step', number: true}, {name: 'use'}, {name: 'on its way', number: true}], rows));
  }
}

function head(kind) {
  return drawn('marker', {id: 'head-' + kind, viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7,
    markerHeight: 7, markerUnits: 'userSpaceOnUse', orient: 'auto'},
    drawn('path', {d: 'M0,0.8 L8,4 L0,7.2 z'}));
}
