// The timeline's events, in blocks of the page that are unpacked when a window needs them.

const kMostHeld = 200000;  // messages in memory that no window needs at the moment

async function unpacked(block) {
  const characters = atob(document.getElementById('block-' + block).textContent);
  const bytes = Uint8Array.from(characters, character => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json();
}

function running_sums(differences) {
  let sum = 0;
  return differences.map(difference => sum += difference);
}

class Pieces {
  constructor({pieces, phases, verdicts, uses}) {
    // The first block is about the whole timeline.
    this.all = pieces.map(([begun, ended, messages], i) => ({begun, ended, messages,
                                                             block: i + 1}));
    this.names = {phases, verdicts, uses};
    this.held = new Map();  // block -> {messages, slices}, those used last at the end
  }

  // Those that may hold anything of a window.
  within({begin, end}) {
    return this.all.filter(piece => piece.ended >= begin && piece.begun <= end);
  }

  // Undefined before load() has come to its end.
  content(piece) { return this.held.get(piece.block); }

  async load(pieces) {
    for (const piece of pieces) {
      const content = this.held.get(piece.block) || this.read(await unpacked(piece.block));
      this.held.delete(piece.block);
      this.held.set(piece.block, content);
    }
    this.forget(new Set(pieces.map(piece => piece.block)));
  }

  forget(needed) {
    let spare = 0;
    for (const [block, content] of [...this.held].reverse())
      if (!needed.has(block) && (spare += content.messages.length) > kMostHeld)
        this.held.delete(block);
  }

  read({messages, computations}) {
    const {phases, verdicts, uses} = this.names;
    const [senders, receivers, of_phase, steps, durations, arrivals, of_verdict, bytes] = messages;
    const [nodes, computed, of_step, lengths, ends] = computations;
    const received = running_sums(arrivals), ended = running_sums(ends);
    return {
      messages: senders.map((sender, i) => ({
        sender, receiver: receivers[i], phase: phases[of_phase[i]], step: steps[i],
        sent: received[i] - durations[i], received: received[i], bytes: bytes[i],
        verdict: verdicts[of_verdict[i]], use: uses[of_verdict[i]]})),
      slices: nodes.map((node, i) => ({node, phase: phases[computed[i]], step: of_step[i],
                                       begun: ended[i] - lengths[i], ended: ended[i]})),
    };
  }
}
