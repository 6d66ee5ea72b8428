// The graph of a decentralised run: nodes at the places of their layout, honest ones in the colour
// of their distance from the mean model at a recorded step, Byzantine ones as diamonds.

const kGraphSide = 680, kGraphMargin = 30, kMostNumbered = 120, kMostEdges = 50000;
const kScale = ['scale-1', 'scale-2', 'scale-3', 'scale-4', 'scale-5'];

const rgb_of = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));

// Of a share in [0, 1], between the colours of the scale as [red, green, blue].
function colour_on_scale(share) {
  const at = Math.max(0, Math.min(1, share)) * (kScale.length - 1);
  const below = Math.min(Math.floor(at), kScale.length - 2);
  const [low, high] = [below, below + 1].map(i => rgb_of(colour(kScale[i])));
  return low.map((value, i) => Math.round(value + (at - below) * (high[i] - value)));
}

class GraphPicture {
  // `distances` are rows [step, distance of node 0, of node 1, ...] over the honest nodes; `reason`
  // is why there are none.
  constructor({nodes, honest, edges, places, neighbours}, distances, reason) {
    Object.assign(this, {honest, edges, distances, reason});
    this.neighbours = places.map(() => []);
    neighbours.forEach((higher, a) => {
      for (const b of higher) { this.neighbours[a].push(b); this.neighbours[b].push(a); }
    });
    const scale = kGraphSide / 2 - kGraphMargin;
    this.places = places.map(([x, y]) => [kGraphSide / 2 + x * scale, kGraphSide / 2 + y * scale]);
    // All nodes together cover a twelfth of the picture.
    this.radius = Math.max(3, Math.min(13, kGraphSide / Math.sqrt(12 * Math.PI * nodes)));
    this.row = distances.length - 1;
    this.own_scale = false;
    this.most = this.largest(distances);
    repaint_with_colours.push(() => this.paint());
  }

  largest(rows) {
    return rows.reduce((most, [, ...row]) => row.reduce((a, b) => Math.max(a, b ?? 0), most), 0);
  }

  build() {
    this.nodes = this.places.map((_, node) => this.node(node));
    this.own_edges = drawn('path', {class: 'own-edges'});
    this.words = element('p', {class: 'small', 'aria-live': 'polite'});
    this.ends = [0, kGraphSide / 4].map((x, i) => drawn('text',
      {x, y: 30, 'text-anchor': i === 0 ? 'start' : 'end'}));
    // As high as the graph: many are flat.
    const heights = this.places.map(([, y]) => y);
    const top = Math.min(...heights) - kGraphMargin;
    const height = Math.max(...heights) + kGraphMargin - top;
    const viewBox = `0 ${top} ${kGraphSide} ${height}`;
    this.svg = drawn('svg', {viewBox, class: 'nodes', role: 'img'}, this.own_edges,
      ...this.nodes.flatMap(({shape, number}) => [shape, number]));
    // Edges are a layer below, which is not painted again when nodes change their colours.
    const figure = element('figure', {class: 'graph'},
      element('div', {class: 'layers'},
        this.edges > kMostEdges ? null : drawn('svg', {viewBox, class: 'edges'},
                                               ...this.edge_lines()), this.svg),
      this.distances.length === 0 ? null : this.bar());
    const box = element('section', {}, ...(this.distances.length === 0 ? [] : [this.scrubber()]),
                        this.words, figure);
    this.paint();
    return box;
  }

  path(pairs) {
    const at = node => this.places[node].map(value => value.toFixed(1)).join(' ');
    return pairs.map(([a, b]) => `M${at(a)}L${at(b)}`).join('');
  }

  edge_lines() {
    const opacity = Math.max(0.03, Math.min(0.7, 9 / Math.sqrt(this.edges + 1)));
    // A path a node: one path that crosses itself many times is slow to paint.
    return this.neighbours.map((all, a) => drawn('path', {
      d: this.path(all.filter(b => b > a).map(b => [a, b])),
      'stroke-opacity': opacity.toFixed(2)}));
  }

  // A node's shape with its tooltip, and its number where there is room.
  node(node) {
    const [x, y] = this.places[node], r = this.radius, far = 1.35 * r;
    const title = drawn('title');
    const look = {class: node < this.honest ? 'honest' : 'byzantine',
      onpointerenter: () => this.show_edges(node), onpointerleave: () => this.show_edges(null)};
    const shape = node < this.honest ? drawn('circle', {cx: x, cy: y, r, ...look}, title)
      : drawn('path', {d: `M${x} ${y - far}L${x + far} ${y}L${x} ${y + far}L${x - far} ${y}Z`,
                       ...look}, title);
    const number = this.places.length > kMostNumbered ? null
      : drawn('text', {x, y: y + 0.35 * r, 'font-size': r, 'text-anchor': 'middle'}, String(node));
    return {shape, number, title};
  }

  show_edges(node) {
    const pairs = node === null ? [] : this.neighbours[node].map(other => [node, other]);
    this.own_edges.setAttribute('d', this.path(pairs));
  }

  scrubber() {
    this.slider = element('input', {type: 'range', min: 0, max: this.distances.length - 1, step: 1,
      value: this.row, 'aria-label': 'Step of the graph', oninput: () => {
        this.row = Number(this.slider.value);
        this.paint();
      }});
    this.clock = element('output');
    return element('div', {},
      element('div', {class: 'scrubber'}, element('div', {class: 'run-strip'}, this.slider),
              this.clock),
      element('div', {class: 'controls'}, tick_box('Colours from the values of this step alone',
        false, on => { this.own_scale = on; this.paint(); })));
  }

  bar() {
    const width = kGraphSide / 4;
    const stops = kScale.map((name, i) => drawn('stop',
      {offset: i / (kScale.length - 1), style: `stop-color: var(--${name})`}));
    const diamond = drawn('svg', {width: 16, height: 16}, drawn('path',
      {class: 'byzantine', d: 'M8 1L15 8L8 15L1 8Z'}));
    return element('figcaption', {class: 'key'},
      element('span', {}, 'distance from the mean', drawn('svg', {width, height: 34},
        drawn('defs', {}, drawn('linearGradient', {id: 'graph-scale'}, ...stops)),
        drawn('rect', {class: 'bar', x: 0.5, y: 2, width: width - 1, height: 13,
                       fill: 'url(#graph-scale)'}), ...this.ends)),
      ...(this.honest < this.places.length
        ? [element('span', {}, diamond, 'Byzantine node')] : []));
  }

  paint() {
    const [step, ...values] = this.distances[this.row] || [null];
    const most = this.own_scale ? this.largest([this.distances[this.row]]) : this.most;
    this.nodes.forEach(({shape, number, title}, node) => {
      title.textContent = this.sentence(node, values[node]);
      if (node < this.honest) this.fill(shape, number, values[node], most);
    });
    this.words.textContent = this.summary(step, values);
    this.svg.setAttribute('aria-label', `The graph. ${this.words.textContent}`);
    if (step === null) return;
    this.clock.textContent = `step ${short(step)}`;
    this.slider.setAttribute('aria-valuetext', this.clock.textContent);
    this.ends.forEach((end, i) => { end.textContent = i === 0 ? '0' : short(most); });
  }

  fill(shape, number, value, most) {
    const known = typeof value === 'number';
    const tone = known ? colour_on_scale(most > 0 ? value / most : 0) : null;
    shape.setAttribute('style', known ? `fill: rgb(${tone.join(', ')})` : 'fill: var(--panel)');
    if (!number) return;
    const light = known && 0.299 * tone[0] + 0.587 * tone[1] + 0.114 * tone[2] > 140;
    number.setAttribute('style',
                        `fill: ${!known ? 'var(--ink)' : light ? '#000000' : '#ffffff'}`);
  }

  sentence(node, value) {
    const neighbours = this.neighbours[node];
    const byzantine = neighbours.filter(other => other >= this.honest);
    const distance = node >= this.honest || this.distances.length === 0 ? ''
      : `: distance ${typeof value === 'number' ? short(value) : 'undefined'}`;
    return `${node < this.honest ? '' : 'Byzantine '}node ${node}${distance}, ` +
      `${neighbours.length} neighbour${neighbours.length === 1 ? '' : 's'}, ` +
      `${byzantine.length} of them Byzantine` +
      (byzantine.length > 0 && byzantine.length <= 12 ? ` (${byzantine.join(', ')})` : '');
  }

  // The nodes nearest to the mean and farthest from it.
  summary(step, values) {
    if (step === null) return this.reason;
    const known = values.map((value, node) => ({value, node})).filter(({value}) => value !== null)
      .sort((a, b) => a.value - b.value);
    if (known.length === 0) return `At step ${short(step)} no distance is finite.`;
    const named = ({value, node}) => `${short(value)} (node ${node})`;
    return `At step ${short(step)} the distances from the mean are ${named(known[0])} to ` +
      `${named(known.at(-1))}.`;
  }
}

function show_graph(page, run) {
  const {graph} = data;
  if (!graph) return;
  const size = `${short(graph.nodes)} nodes, ${short(graph.nodes - graph.honest)} of them ` +
    `Byzantine, and ${short(graph.edges)} edge${graph.edges === 1 ? '' : 's'}` +
    (graph.graphs > 1 ? ` in the first of ${short(graph.graphs)} graphs` : '');
  page.append(element('h2', {}, 'Graph'));
  if (!graph.places) {
    page.append(empty_panel(`The graph has ${size}. Graphs of up to ${short(graph.most_drawn)} ` +
                            'nodes are drawn.'));
    return;
  }
  page.append(element('p', {class: 'quiet'}, `${size}. ` + (data.distances.length === 0 ? ''
    : 'The colour of an honest node is the distance of its model from the mean of the honest ' +
      'nodes’ models at the step of the slider. ') + 'Point at a node to see its edges and its ' +
      'neighbours.' + (graph.edges > kMostEdges ? ` Of more than ${short(kMostEdges)} ` +
      'edges only those of the node that is pointed at are drawn.' : '')),
    new GraphPicture(graph, data.distances, reason_for(run, 'drift')).build());
}
