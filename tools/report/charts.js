// Curves, drawn by dygraphs.

const escaped = text => String(text).replace(/[&<>"]/g, c =>
  ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);

const dashes = [null, [7, 3], [2, 3], [9, 3, 2, 3]];

// A panel with a title, perhaps a choice of a logarithmic scale, a plot and its legend. `content()`
// says what to draw: {x_name, x, series: [{name, values, low, high}], reason}; values stand at the
// places of x, null where there is none, and `reason` says why nothing is there. Where x counts
// `categories`, their names stand below it; `points` are drawn, gaps bridged if `connected`, x is
// logarithmic if `x_log`; `unit` follows every number along y. A series may have a colour by name
// (`tone`). `marks` are vertical lines, {x, lines: [{text, tone}]}.
class Chart {
  constructor(title, content, {log = false, note = ''} = {}) {
    this.content = content;
    this.log = log;
    this.plot = element('div', {class: 'plot', role: 'img'});
    this.legend = element('div', {class: 'legend'});
    this.mark_names = element('div', {class: 'mark-names'});
    this.axis = element('p', {class: 'axis-name'});
    this.nothing = element('div');
    this.heading = element('h3', {}, title);
    this.panel = element('section', {class: 'panel'},
      element('header', {}, this.heading,
        tick_box('logarithmic', log, on => { this.log = on; this.draw(); })),
      this.legend, this.mark_names, this.plot, this.axis, this.nothing,
      this.note = element('p', {class: 'quiet small'}, note));
    repaint_with_colours.push(() => this.dygraph && this.dygraph.updateOptions(this.colours()));
  }

  draw() {
    const {x_name, x, series, x_log, reason, categories, points, connected, unit,
           marks = []} = this.content();
    const with_y_unit = digits => value => short(value, digits) + (unit ? ' ' + unit : '');
    const shown = value => value !== null && (!this.log || value > 0);
    const filled = series.filter(each => each.values.some(shown));
    if (this.dygraph) this.dygraph.destroy();
    this.dygraph = null;
    const nothing = filled.length === 0;
    for (const part of [this.plot, this.legend, this.mark_names, this.axis, this.note])
      part.hidden = nothing;
    this.nothing.replaceChildren(...(nothing ? [empty_panel(
      series.some(each => each.values.some(value => value !== null))
        ? 'Nothing here is above zero, which a logarithmic scale needs.' : reason)] : []));
    if (nothing) return;
    this.axis.textContent = x_name;
    this.plot.setAttribute('aria-label', this.heading.textContent + ': ' +
      filled.map(each => each.name).join(', ') + ' against ' + x_name);
    const bars = filled.some(each => each.low);
    const cell = (each, i) => {
      const value = shown(each.values[i]) ? each.values[i] : null;
      if (!bars) return value;
      return value === null ? [null, null, null] : [each.low[i], value, each.high[i]];
    };
    this.tones = filled.map((each, i) => each.tone || series_tone(i));
    const options = {};
    filled.forEach((each, i) => {
      options[each.name] = {strokePattern: dashes[Math.floor(i / 7) % dashes.length]};
    });
    const formatted = value => escaped(categories ? categories[Math.round(value)] ?? ''
                                                  : short(value, 6));
    this.dygraph = new Dygraph(this.plot, x.map((at, i) => [at, ...filled.map(e => cell(e, i))]), {
      labels: ['x', ...filled.map(each => each.name)],
      labelsDiv: this.legend, legend: 'always',
      legendFormatter: found => this.legend_text(found),
      strokeWidth: 1.8, series: options, ...(categories ? {plotter: paint_whiskers} : {}),
      drawPoints: points || x.length <= 25, pointSize: 3.2, highlightCircleSize: 4.5,
      customBars: bars, logscale: this.log, connectSeparatedPoints: connected === true,
      axisLabelFontSize: 12, ...this.colours(),
      axisLabelWidth: 62, rightGap: categories ? 14 : 34,  // half of the last label
      xRangePad: x_log ? 0 : 6, yRangePad: 8,
      underlayCallback: (canvas, area, dygraph) => {
        paint_marks(marks, canvas, area, dygraph);
        this.name_marks(marks, area, dygraph);
      },
      dateWindow: categories ? [-0.5, categories.length - 0.5]
        : x_log ? [x[0] / 1.2, x.at(-1) * 1.2] : null,
      axes: {
        x: {
          logscale: x_log === true,
          axisLabelFormatter: formatted, valueFormatter: formatted,
          axisLabelWidth: categories ? 110 : 62,
          ...(categories ? {ticker: () => categories.map((name, v) => ({v, label: escaped(name)}))}
                         : {}),
        },
        y: {axisLabelFormatter: with_y_unit(4), valueFormatter: with_y_unit(6)},
      },
    });
  }

  // Above the plot, where no curve crosses them; on the side of their line that has room.
  name_marks(marks, area, dygraph) {
    this.mark_names.replaceChildren(...within_plot(marks, area, dygraph).flatMap(({at, lines}) =>
      lines.map(({text, tone}) => {
        const place = at < area.x + 0.6 * area.w ? `margin-left: ${at.toFixed(0)}px`
          : `margin-right: ${(this.plot.clientWidth - at).toFixed(0)}px; text-align: right`;
        return element('div', {style: `color: var(--${tone}); ${place}`}, text);
      })));
  }

  // On the same canvas: a new one would stay empty on paper.
  colours() {
    return {colors: this.tones.map(colour),
            gridLineColor: colour('grid'), axisLineColor: colour('line')};
  }

  legend_text(found) {
    const at = found.x === undefined ? '' : `<b>${this.axis.textContent} ${found.xHTML}</b>&ensp;`;
    const value = each => each.y === undefined || each.y === null ? '' : ` <b>${each.yHTML}</b>`;
    return at + found.series.filter(each => each.isVisible).map(each =>
      // Dygraphs gives a dash no colour of its own, unlike a line.
      `<span class="series"><span style="color: ${each.color}">${each.dashHTML}</span> ` +
      `${each.labelHTML}${value(each)}</span>`).join(' ');
  }
}

const series_tone = i => 'series-' + (i % 7 + 1);

const within_plot = (marks, area, dygraph) => marks
  .map(mark => ({...mark, at: dygraph.toDomXCoord(mark.x)}))
  .filter(({at}) => at >= area.x - 1 && at <= area.x + area.w + 1);

function paint_marks(marks, canvas, area, dygraph) {
  canvas.save();
  canvas.strokeStyle = colour('quiet');
  canvas.setLineDash([4, 3]);
  for (const {at} of within_plot(marks, area, dygraph)) {
    canvas.beginPath();
    canvas.moveTo(at, area.y);
    canvas.lineTo(at, area.y + area.h);
    canvas.stroke();
  }
  canvas.restore();
}

// A dot at each value and, where there are bars, a line from the least to the greatest.
function paint_whiskers({drawingContext: canvas, points, dygraph, color}) {
  canvas.fillStyle = canvas.strokeStyle = color;
  canvas.lineWidth = 2;
  for (const point of points) {
    if (point.yval === null || Number.isNaN(point.yval)) continue;
    if (point.yval_minus !== undefined) {
      canvas.beginPath();
      canvas.moveTo(point.canvasx, dygraph.toDomYCoord(point.yval_minus));
      canvas.lineTo(point.canvasx, dygraph.toDomYCoord(point.yval_plus));
      canvas.stroke();
    }
    canvas.beginPath();
    canvas.arc(point.canvasx, point.canvasy, 4, 0, 2 * Math.PI);
    canvas.fill();
  }
}

// Series over the values of several tables' own x: the places where any has one, in order.
function joined(x_lists, value_lists) {
  const x = [...new Set(x_lists.flat().filter(at => at !== null))].sort((a, b) => a - b);
  const place = new Map(x.map((at, i) => [at, i]));
  const columns = value_lists.map((values, k) => {
    const column = Array(x.length).fill(null);
    x_lists[k].forEach((at, i) => { if (at !== null) column[place.get(at)] = values[i]; });
    return column;
  });
  return {x, columns};
}
