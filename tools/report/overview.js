// A strip of the whole timeline: how many messages arrive when, where steps begin, which part is
// shown below it.

const kStripBars = 44, kStripHeight = 64, kStripEdge = 8;  // pixels

class Overview {
  // `go_to` is called with a time.
  constructor({overview, begin, until}, go_to) {
    this.bars = overview;
    this.begin = begin;
    this.span = Math.max(1, until - begin);
    this.go_to = go_to;
    this.steps = [];
    this.box = element('div', {class: 'overview', 'aria-hidden': 'true',
      onpointerdown: event => {
        this.box.setPointerCapture(event.pointerId);
        this.point(event);
      },
      onpointermove: event => { if (event.buttons & 1) this.point(event); }});
    this.shown = drawn('rect', {class: 'shown', y: 0, height: kStripBars});
    this.now = drawn('line', {class: 'now', y1: 0, y2: kStripBars + 4});
    new ResizeObserver(() => this.paint()).observe(this.box);
  }

  point(event) {
    const x = event.clientX - this.box.getBoundingClientRect().left;
    this.go_to(this.begin + (x - kStripEdge) / this.inner() * this.span);
  }

  inner() { return Math.max(1, this.box.clientWidth - 2 * kStripEdge); }
  x(time) { return kStripEdge + (time - this.begin) / this.span * this.inner(); }

  // Messages that arrive in a window, to the bar.
  count_within({begin, end}) {
    const bars = this.bars.used.length, bar = time => (time - this.begin) / this.span * bars;
    const first = Math.max(0, Math.floor(bar(begin))), last = Math.ceil(bar(end));
    return Object.values(this.bars).reduce((sum, counts) => sum +
      counts.slice(first, last).reduce((a, b) => a + b, 0), 0);
  }

  // From `first` on, the time at which each step begins.
  mark_steps(first, steps) {
    this.first = first;
    this.steps = steps;
    this.paint();
  }

  paint() {
    const count = this.bars.used.length, wide = this.inner() / count;
    const below = Array(count).fill(0);
    const sums = below.map((_, i) =>
      Object.values(this.bars).reduce((sum, counts) => sum + counts[i], 0));
    const most = Math.max(1, ...sums);
    const y = value => (kStripBars * (1 - value / most)).toFixed(2);
    const layers = ['used', 'kept', 'byzantine', 'unused'].map(kind => {
      const path = this.bars[kind].map((value, i) => {
        if (value === 0) return '';
        const left = (kStripEdge + i * wide).toFixed(2), foot = y(below[i]);
        below[i] += value;
        return `M${left},${foot}V${y(below[i])}h${wide.toFixed(2)}V${foot}z`;
      });
      return drawn('path', {class: kind, d: path.join('')});
    });
    this.box.replaceChildren(drawn('svg', {width: this.box.clientWidth, height: kStripHeight},
      drawn('rect', {class: 'back', x: kStripEdge, y: 0, width: this.inner(), height: kStripBars}),
      ...layers, ...this.step_marks(), this.shown, this.now));
    if (this.window) this.place(this.window, this.time);
  }

  // Round numbers, none where its label would be on another's.
  step_marks() {
    const rough = Math.max(1, this.steps.length * 70 / this.inner());
    const power = 10 ** Math.floor(Math.log10(rough));
    const every = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= rough);
    const marks = [];
    let free = -Infinity;
    this.steps.forEach((time, i) => {
      const x = this.x(time);
      if ((this.first + i) % every !== 0) return;
      const label = `step ${this.first + i}`, width = 7 * label.length;
      const left = Math.min(x, kStripEdge + this.inner() - width);
      if (left < free) return;
      free = left + width + 10;
      marks.push(drawn('line', {class: 'step', x1: x, x2: x, y1: 0, y2: kStripBars + 5}),
                 drawn('text', {x: left, y: kStripHeight - 4}, label));
    });
    return marks;
  }

  place(window, time) {
    [this.window, this.time] = [window, time];
    const left = this.x(window.begin), width = Math.max(3, this.x(window.end) - left);
    this.shown.setAttribute('x', left);
    this.shown.setAttribute('width', width);
    for (const end of ['x1', 'x2']) this.now.setAttribute(end, this.x(time));
  }
}
