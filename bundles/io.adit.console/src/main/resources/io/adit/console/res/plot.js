/* Lines over time, drawn as SVG. */
'use strict';
Adit.plot = (() => {
  const {svg, h, text} = Adit;
  const WIDTH = 120;

  function points(values, most, height) {
    const step = 1;
    const begin = WIDTH - (values.length - 1) * step;
    return values.map((value, index) => (begin + index * step).toFixed(1) + ' ' + (height - 1 - (most > 0 ? value / most : 0) * (height - 2)).toFixed(2));
  }

  function line(values, most, height) {
    return values.length < 2 ? '' : 'M' + points(values, most, height).join('L');
  }

  function area(values, most, height) {
    return values.length < 2 ? '' : line(values, most, height) + 'L' + WIDTH + ' ' + height + 'L' + (WIDTH - values.length + 1) + ' ' + height + 'Z';
  }

  /** A small line without axes; its number stands beside it. */
  function spark(kind) {
    const fill = svg('path', {class: 'area'});
    const stroke = svg('path', {class: 'line', 'vector-effect': 'non-scaling-stroke'});
    const element = svg('svg', {class: 'spark ' + (kind || ''), viewBox: '0 0 ' + WIDTH + ' 30', preserveAspectRatio: 'none', 'aria-hidden': 'true'}, fill, stroke);
    return {element, show(values) {
      const most = Math.max(1e-9, ...values);
      fill.setAttribute('d', area(values, most, 30));
      stroke.setAttribute('d', line(values, most, 30));
    }};
  }

  /** A tile: name, number, line. */
  function tile(name, kind, format, note) {
    const value = h('strong', {}, '\u2013');
    const small = h('small', {}, note || '');
    const plot = spark(kind);
    return {element: h('div', {class: 'tile'}, h('span', {class: 'name'}, name), value, small, plot.element), show(now, series, words) {
      text(value, format(now));
      if (words !== undefined) {
        text(small, words);
      }
      plot.show(series);
    }};
  }

  /** Some round value not below. */
  function nice(value) {
    const power = Math.pow(2, Math.ceil(Math.log2(Math.max(value, 1024))));
    return value <= power * 0.75 && power > 1024 ? power * 0.75 : power;
  }

  /** Two lines with axes: what came and what went, in bytes a second. */
  function throughput(inName, outName) {
    const height = 100;
    const fillIn = svg('path', {class: 'area in'});
    const fillOut = svg('path', {class: 'area out'});
    const lineIn = svg('path', {class: 'line in', 'vector-effect': 'non-scaling-stroke'});
    const lineOut = svg('path', {class: 'line out', 'vector-effect': 'non-scaling-stroke'});
    const grid = [25, 50, 75].map(y => svg('line', {class: 'grid', x1: 0, x2: WIDTH, y1: y, y2: y, 'vector-effect': 'non-scaling-stroke'}));
    const picture = svg('svg', {viewBox: '0 0 ' + WIDTH + ' ' + height, preserveAspectRatio: 'none', role: 'img', 'aria-label': 'Throughput of the last two minutes'},
      ...grid, fillIn, fillOut, lineIn, lineOut);
    const top = h('span', {class: 'top'});
    const middle = h('span', {class: 'middle'});
    const nowIn = h('b', {});
    const nowOut = h('b', {});
    const element = h('figure', {class: 'throughput'},
      h('figcaption', {}, h('span', {class: 'key in'}, inName + ' ', nowIn), h('span', {class: 'key out'}, outName + ' ', nowOut)),
      h('div', {class: 'frame'}, h('div', {class: 'scale'}, top, middle, h('span', {class: 'bottom'}, '0')), picture),
      h('div', {class: 'times'}, h('span', {}, '2 min ago'), h('span', {}, '1 min'), h('span', {}, 'now')));
    return {element, show(valuesIn, valuesOut) {
      const most = nice(Math.max(1, ...valuesIn, ...valuesOut));
      fillIn.setAttribute('d', area(valuesIn, most, height));
      fillOut.setAttribute('d', area(valuesOut, most, height));
      lineIn.setAttribute('d', line(valuesIn, most, height));
      lineOut.setAttribute('d', line(valuesOut, most, height));
      text(top, Adit.rate(most));
      text(middle, Adit.rate(most / 2));
      text(nowIn, Adit.rate(valuesIn.length ? valuesIn[valuesIn.length - 1] : 0));
      text(nowOut, Adit.rate(valuesOut.length ? valuesOut[valuesOut.length - 1] : 0));
    }};
  }

  const LEGS = [['blocked', 'waiting for the peer'], ['send', 'sending the request'], ['wait', 'waiting for the answer'], ['receive', 'receiving']];

  /** The legs of a request, one after the other. */
  function legs(timings, total) {
    const scale = 100 / Math.max(total, 0.001);
    let at = 0;
    const bars = [];
    const rows = [];
    for (const [key, words] of LEGS) {
      const value = Math.max(0, timings[key]);
      bars.push(svg('rect', {class: key, x: (at * scale).toFixed(2), y: 0, width: Math.max(value * scale, value > 0 ? 0.4 : 0).toFixed(2), height: 8}));
      at += value;
      rows.push(h('li', {class: key}, h('span', {}, words), h('b', {}, timings[key] < 0 ? '\u2013' : Adit.millis(timings[key]))));
    }
    return h('div', {class: 'legs'}, svg('svg', {viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'}, ...bars), h('ul', {}, rows));
  }

  return {spark, tile, throughput, legs};
})();
