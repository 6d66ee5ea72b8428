// What every part of the page is made with: elements, tables, numbers, colours.

const data = JSON.parse(document.getElementById('data').textContent);

// element('p', {class: 'quiet', onclick: f}, 'text', child, ...); strings are text, never markup.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  return furnish(made, attributes, children);
}

function drawn(name, attributes = {}, ...children) {
  return furnish(document.createElementNS('http://www.w3.org/2000/svg', name), attributes,
                 children);
}

function furnish(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

const empty_panel = reason => element('p', {class: 'empty'}, reason);

// A table of text; columns are {name, number}, rows lists of strings or elements.
function table(columns, rows) {
  const cell = (kind, column, content) =>
    element(kind, {class: column.number ? 'number' : undefined}, content);
  return element('div', {class: 'scroll'}, element('table', {},
    element('thead', {}, element('tr', {},
      ...columns.map(column => cell('th', column, column.name)))),
    element('tbody', {}, ...rows.map(row => element('tr', {},
      ...row.map((content, i) => cell('td', columns[i], content)))))));
}

// Those that hold models: nodes that are servers and workers at once, or servers. Summaries, texts and names of nodes
// follow from it.
const has_nodes = scenario => scenario.nodes !== undefined;
const on_graph = scenario => scenario.topology !== undefined;
const holders_of = scenario => scenario.nodes || scenario.servers;
const noun_of_holder = scenario => has_nodes(scenario) ? 'node' : 'server';
const honest_holders = scenario => {
  const {count, byzantine = {}} = holders_of(scenario);
  return count - (byzantine.actual || 0);
};

function chooser(label, options, chosen, on_change) {
  const select = element('select', {onchange: () => on_change(select.value)},
    ...options.map(option => element('option', {value: option, selected: option === chosen},
                                     option)));
  return element('label', {}, label, select);
}

function tick_box(label, checked, on_change) {
  const box = element('input', {type: 'checkbox', checked, onchange: () => on_change(box.checked)});
  return element('label', {}, box, label);
}

// RFC 4180. {columns: [names], rows: [[fields]]}; an absent field is ''.
function parse_csv(text) {
  const rows = [];
  let row = [], field = '', quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') { row.push(field); field = ''; }
    else if (c === '\n') { row.push(field); rows.push(row); row = []; field = ''; }
    else if (c !== '\r') field += c;
  }
  if (field !== '' || row.length > 0) { row.push(field); rows.push(row); }
  return {columns: rows[0] || [], rows: rows.slice(1)};
}

// A field as a number; null where it is empty or none.
const number_of = field =>
  field === undefined || field.trim() === '' || !Number.isFinite(Number(field)) ? null
                                                                                : Number(field);

function short(value, digits = 4) {
  if (value === null || value === undefined) return 'undefined';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US');
  const text = Number(value).toPrecision(digits);
  return text.includes('e') ? text : String(Number(text));
}

// Accuracy is a fraction in files and percent where people read.
const unit_of = metric =>
  ['accuracy', 'accuracy_worst', 'accuracy_of_mean', 'attack_success',
   'validation_accuracy'].includes(metric) ? '%' : '';
const in_unit = (metric, value) => value !== null && unit_of(metric) ? 100 * value : value;
const with_unit = metric => unit_of(metric) ? `${metric} (${unit_of(metric)})` : metric;

const percent = value =>
  value === null || value === undefined ? 'undefined' : (100 * value).toFixed(2) + ' %';

// Nanoseconds in the unit that suits `scale`, with enough digits for times that differ by
// `resolution`, both in nanoseconds too.
function span_text(ns, scale = ns, resolution = null) {
  const [unit, name] = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']]
    .find(([size]) => scale >= size) || [1, 'ns'];
  const most = Math.log10(unit);
  const digits = resolution === null ? Math.min(3, most)
    : Math.max(0, Math.min(most, Math.ceil(Math.log10(unit / resolution))));
  return (ns / unit).toFixed(digits) + ' ' + name;
}

const bytes_text = bytes => bytes >= 1e9 ? short(bytes / 1e9) + ' GB'
  : bytes >= 1e6 ? short(bytes / 1e6) + ' MB' : bytes >= 1e3 ? short(bytes / 1e3) + ' kB'
  : bytes + ' B';

const colour = name =>
  getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

// What is painted, not styled, is painted again when colours change; paper is always light.
const repaint_with_colours = [];
function repaint() { for (const paint of repaint_with_colours) paint(); }
function watch_colours() {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  const printing = on => {
    document.documentElement.toggleAttribute('data-printing', on);
    repaint();
  };
  addEventListener('beforeprint', () => printing(true));
  addEventListener('afterprint', () => printing(false));
}

function show_page() {
  const page = document.getElementById('page');
  watch_colours();
  if (data.kind === 'sweep') show_sweep(page);
  else if (data.kind === 'branches') show_branches(page);
  else show_run(page);
}
