// The space-time view of a run: a window that moves through all of it.

const kMostArrows = 4000, kMostLoaded = 40000;

const use_names = {used: 'used in a quorum', kept: 'kept for a later step', unused: 'not used'};

class Timeline {
  constructor(timeline) {
    this.nodes = timeline.nodes;
    this.begin = timeline.begin;
    this.until = timeline.until;
    this.span = Math.max(1, this.until - this.begin);
    this.pieces = new Pieces(timeline);
    this.phase_names = timeline.phases.filter(phase => data.run.messages_by_kind[phase] > 0);
    this.phases = new Set(timeline.phases);
    this.uses = new Set(Object.keys(use_names));
    this.focus = null;
    const [begun, ended, messages] = timeline.pieces[0];  // as dense as the first stretch of time
    const fitting = Math.min(this.span, (ended - begun) * 240 / Math.max(1, messages));
    this.widths = this.window_widths(fitting);
    this.width = this.widths.find(width => width >= fitting) || this.span;
    this.time = Math.min(this.until, this.begin + Math.round(this.width / 2));
    this.first = 0;
    this.steps = [];  // when each begins, from the step `first` on
    this.playing = false;
    this.loading = false;
    this.overview = new Overview(timeline, time => this.move_to(time));
    this.space_time = new SpaceTime(this.nodes, this.until, node => this.look_at(node));
  }

  // 1, 2, 5 times powers of ten: a few messages up to the whole run.
  window_widths(fitting) {
    const widths = [];
    for (let power = 1; power < this.span; power *= 10)
      for (const factor of [1, 2, 5])
        if (factor * power > fitting / 50 && factor * power < this.span)
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
    this.received = element('div');
    const {box} = this.space_time;
    box.addEventListener('keydown', event => {
      if (!['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].includes(event.key)) this.on_key(event);
    });
    box.addEventListener('wheel', event => this.on_wheel(event), {passive: false});
    new ResizeObserver(() => this.draw()).observe(box);
    return element('div', {class: 'timeline'},
      element('div', {class: 'scrubber'}, this.button,
        element('div', {class: 'run-strip'}, this.overview.box, this.slider), this.clock),
      this.movement(), this.filters(), this.key(), box, this.words, this.received);
  }

  movement() {
    const button = (text, name, action) =>
      element('button', {type: 'button', title: name, 'aria-label': name, onclick: action}, text);
    const names = this.widths.map(
      width => width === this.span ? span_text(width) : span_text(width, width, width));
    this.step_field = element('input', {type: 'number', min: 0, step: 1, size: 6,
      onchange: () => this.go_to_step(Number(this.step_field.value))});
    this.zoom_chooser = chooser('Window', names, names[this.widths.indexOf(this.width)],
                                name => this.zoom_to(names.indexOf(name)));
    return element('div', {class: 'controls'},
      element('label', {}, 'Go to step', this.step_field),
      button('◀ Step', 'Previous step (p)', () => this.next_step(-1)),
      button('Step ▶', 'Next step (n)', () => this.next_step(1)),
      this.zoom_chooser,
      button('−', 'Wider window (-)', () => this.zoom(1)),
      button('+', 'Narrower window (+)', () => this.zoom(-1)),
      element('span', {class: 'quiet small'}, 'Keys: ← → move, n p step, + − zoom. ' +
        'Wheel on the view: with Shift move, with Ctrl zoom.'));
  }

  filters() {
    const toggled = (set, name) => tick_box(use_names[name] || name, true, on => {
      if (on) set.add(name); else set.delete(name);
      this.draw();
    });
    const everyone = 'everyone';
    this.chooser = chooser('Only to and from', 
      [everyone, ...this.space_time.lanes.map(node => this.nodes[node].name)],
      everyone, name => this.look_at(this.nodes.findIndex(node => node.name === name)));
    return element('div', {class: 'controls'}, this.chooser,
      ...this.phase_names.map(phase => toggled(this.phases, phase)),
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

  // What block 0 of the page has about the whole timeline.
  mark_steps(first, steps) {
    [this.first, this.steps] = [first, steps];
    this.overview.mark_steps(first, steps);
    this.step_field.min = first;
    this.step_field.max = first + steps.length - 1;
    this.draw();
  }

  // A node by its index, or everyone (-1); twice is everyone again.
  look_at(node) {
    this.focus = node < 0 || node === this.focus ? null : node;
    this.chooser.querySelector('select').selectedIndex =
      this.focus === null ? 0 : this.space_time.lane.get(this.focus) + 1;
    this.draw();
  }

  on_key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const share = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10,
                   PageDown: -10}[event.key];
    const action = share ? () => this.move_to(this.time + share * this.width / 20)
      : {n: () => this.next_step(1), p: () => this.next_step(-1), '+': () => this.zoom(-1),
         '-': () => this.zoom(1)}[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  on_wheel(event) {
    const along = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX
      : event.shiftKey ? event.deltaY : 0;
    if (event.ctrlKey && event.deltaY !== 0) this.zoom(Math.sign(event.deltaY));
    else if (along !== 0) this.move_to(this.time + Math.sign(along) * this.width / 20);
    else return;
    event.preventDefault();
  }

  // To the next width, wider (1) or narrower (-1).
  zoom(direction) { this.zoom_to(this.widths.indexOf(this.width) + direction); }

  zoom_to(index) {
    if (index < 0 || index >= this.widths.length) return;
    this.width = this.widths[index];
    this.zoom_chooser.querySelector('select').selectedIndex = index;
    this.draw();
  }

  // The last that has begun.
  step_now() {
    let low = 0, high = this.steps.length;  // the first that begins later is in [low, high]
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= this.time) low = middle + 1; else high = middle;
    }
    return this.first + Math.max(0, low - 1);
  }

  go_to_step(step) {
    if (this.steps.length === 0 || !Number.isFinite(step)) return;
    const place = Math.round(step) - this.first;
    this.move_to(this.steps[Math.max(0, Math.min(this.steps.length - 1, place))]);
  }

  next_step(direction) {
    const now = this.time;
    let step = this.step_now() + direction;
    // Several steps can begin at one time.
    while (this.steps[step - this.first] === now) step += direction;
    this.go_to_step(step);
  }

  at(time) { return span_text(time, this.until, this.width / 1000); }

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
    this.slider.value = this.time;
    this.slider.setAttribute('aria-valuetext', this.at(this.time));
    this.clock.textContent = this.at(this.time);
    if (document.activeElement !== this.step_field) this.step_field.value = this.step_now();
    this.overview.place(window, this.time);
    const pieces = this.pieces.within(window);
    const arriving = this.overview.count_within(window);
    if (arriving > kMostLoaded) this.draw_crowd(window, arriving);
    else this.draw_pieces(window, pieces);
  }

  draw_crowd(window, arriving) {
    this.load([]);
    const words = `About ${short(arriving)} messages arrive in this window`;
    this.space_time.paint(window, this.time, this.focus, [], [],
                          `${words}: zoom in (+) to see them one by one`);
    this.words.textContent = `${words}. They are drawn one by one in windows of up to ` +
      `${short(kMostLoaded)}.`;
    this.received.replaceChildren();
  }

  draw_pieces(window, pieces) {
    const there = pieces.map(piece => this.pieces.content(piece)).filter(content => content);
    this.load(there.length < pieces.length ? pieces : []);
    const inside = there.flatMap(content => content.messages.filter(
      message => message.received > window.begin && message.sent < window.end &&
        this.shows(message))).sort((a, b) => a.received - b.received);
    const slices = there.flatMap(content => content.slices.filter(
      slice => slice.ended > window.begin && slice.begun < window.end));
    this.space_time.paint(window, this.time, this.focus, this.nearest(inside), slices);
    this.describe(window, inside);
  }

  // To the cursor, of messages in the order of their arrival.
  nearest(messages) {
    if (messages.length <= kMostArrows) return messages;
    const arrived = messages.findIndex(message => message.received > this.time);
    const middle = arrived < 0 ? messages.length : arrived;
    const first = Math.max(0, Math.min(messages.length - kMostArrows, middle - kMostArrows / 2));
    return messages.slice(first, first + kMostArrows);
  }

  // Draws again with what these hold.
  load(pieces) {
    this.space_time.box.setAttribute('aria-busy', pieces.length > 0);
    if (pieces.length === 0 || this.loading) return;
    this.loading = true;
    this.pieces.load(pieces).then(() => {
      this.loading = false;
      this.draw();
    }, error => { this.words.textContent = cannot_unpack(error); });
  }

  describe(window, inside) {
    const arrivals = inside.filter(message => message.received <= window.end);
    const count = test => arrivals.filter(test).length;
    const unused = arrivals.filter(message => message.use === 'unused');
    const verdicts = [...new Set(unused.map(message => message.verdict))]
      .map(verdict => `${count(message => message.verdict === verdict)} ${verdict}`);
    this.words.textContent = `From ${this.at(window.begin)} to ` +
      `${this.at(window.end)}: ${arrivals.length} messages arrive, ` +
      `${count(message => message.use === 'used')} used at once, ` +
      `${count(message => message.use === 'kept')} kept for a later step, ` +
      `${unused.length} not used` + (verdicts.length > 0 ? ` (${verdicts.join(', ')})` : '') +
      `; ${count(message => this.nodes[message.sender].byzantine)} come from Byzantine nodes.` +
      (inside.length > kMostArrows ? ` The ${short(kMostArrows)} nearest to the cursor are ` +
        'drawn: choose a narrower window or one node.' : '');
    this.received.replaceChildren(
      ...(this.focus === null ? [] : [this.table_of_received(arrivals)]));
  }

  // What the node in focus received, in the order of arrival.
  table_of_received(arrivals) {
    const rows = arrivals.filter(message => message.receiver === this.focus).slice(0, 200)
      .map(message => [this.at(message.received), this.nodes[message.sender].name +
        (this.nodes[message.sender].byzantine ? ' (Byzantine)' : ''), message.phase,
        String(message.step), message.verdict,
        span_text(message.received - message.sent)]);
    const title = element('h3', {}, `Messages to ${this.nodes[this.focus].name} in this window`);
    if (rows.length === 0) return element('div', {}, title, empty_panel('Nothing.'));
    return element('div', {}, title, table(
      [{name: 'arrived', number: true}, {name: 'from'}, {name: 'what'},
       {name: 'step', number: true}, {name: 'use'}, {name: 'on its way', number: true}], rows));
  }
}

const cannot_unpack = error => 'This browser cannot unpack the timeline: it needs ' +
  `DecompressionStream, which browsers have since 2023 (${error}).`;
