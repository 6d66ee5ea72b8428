// Which node used whose messages: for each kind of message the share of a sender's that a receiver
// used in a quorum.

const kMostCells = 20000;

// Of all messages on the timeline; `pairs` are columns: phase, sender, receiver, used, all.
function matrices({nodes, phases}, pairs) {
  const rows = pairs[0].map((_, i) => pairs.map(column => column[i]));
  const box = element('div', {class: 'matrices'});
  for (const phase of phases) {
    const of_phase = rows.filter(row => phases[row[0]] === phase).map(
      ([, sender, receiver, used, all]) => ({sender, receiver, used, all}));
    if (of_phase.length > kMostCells)
      box.append(empty_panel(`${phase}: ${short(of_phase.length)} pairs of nodes exchanged ` +
        `messages, and at most ${short(kMostCells)} are drawn.`));
    else if (of_phase.length > 0) box.append(matrix(nodes, phase, of_phase));
  }
  return [element('h3', {style: 'margin-top: 22px'}, 'Use of messages'),
    element('p', {class: 'quiet small'}, 'Of all messages on the timeline, by kind: how many of ' +
      'a sender’s (column) were used in a quorum of a receiver (row), at once or later. Full ' +
      'colour: all of them; none: none. Byzantine nodes are orange.'), box];
}

function matrix(nodes, phase, pairs) {
  const ids = key => [...new Set(pairs.map(pair => pair[key]))].sort((a, b) => a - b);
  const senders = ids('sender'), receivers = ids('receiver');
  const most = Math.max(senders.length, receivers.length);
  const size = Math.max(3, Math.min(18, Math.floor(340 / most))), left = 88, top = 16;
  const label = (id, x, y, anchor) => drawn('text', {x, y, 'text-anchor': anchor,
    class: nodes[id].byzantine ? 'byzantine' : ''},
    anchor === 'middle' ? parseInt(nodes[id].name.split(' ')[1], 10) + (nodes[id].twin ? '′' : '')
                        : (nodes[id].twin ? 'its twin' : nodes[id].name) +
                          (nodes[id].byzantine ? '×' : ''));
  const labelled = (i, room) => i % Math.ceil(room / size) === 0;
  const column = new Map(senders.map((id, i) => [id, i]));
  const row = new Map(receivers.map((id, i) => [id, i]));
  const cells = pairs.map(({sender, receiver, used, all}) => drawn('rect', {
    x: left + column.get(sender) * size, y: top + row.get(receiver) * size,
    width: size, height: size,
    style: `fill: var(--${nodes[sender].byzantine ? 'byzantine' : 'used'}); fill-opacity: ` +
      (0.06 + 0.94 * used / all).toFixed(3) + (size < 8 ? '; stroke: none' : '')},
    drawn('title', {}, `${nodes[receiver].name} used ${short(used)} of ${short(all)} messages ` +
      `from ${nodes[sender].name}`)));
  const messages = pairs.reduce((sum, pair) => sum + pair.all, 0);
  return element('figure', {style: 'margin: 0'},
    element('figcaption', {class: 'small'}, `${phase}: ${short(messages)} messages`),
    drawn('svg', {width: left + senders.length * size + 8,
                  height: top + receivers.length * size + 4, role: 'img',
                  'aria-label': `Who used whose ${phase} messages`},
      ...senders.flatMap((id, i) => labelled(i, 5 + 6.4 * String(senders.at(-1)).length)
        ? [label(id, left + (i + 0.5) * size, 11, 'middle')] : []),
      ...receivers.flatMap((id, i) => labelled(i, 11)
        ? [label(id, left - 6, top + (i + 0.5) * size + 4, 'end')] : []),
      ...cells));
}
