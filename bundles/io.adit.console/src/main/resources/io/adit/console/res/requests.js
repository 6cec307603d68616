/* The inspector: requests as they come, and one of them in full. */
'use strict';
Adit.page('requests', (main, parameters) => {
  const {h, text, bytes, millis, moment, post, toast, button, href} = Adit;
  let selected = parameters.get('id') ? Number(parameters.get('id')) : null;
  let seen = -1;
  let paused = false;
  let tick = () => {};
  const again = () => {
    seen = -1;
    tick();
  };
  const search = h('input', {type: 'search', placeholder: 'Method, target, status, visitor', 'aria-label': 'Filter requests', oninput: again});
  const peer = h('input', {type: 'search', placeholder: 'All peers', 'aria-label': 'Peer', value: parameters.get('peer') || '', class: 'short', oninput: again});
  const kind = h('select', {'aria-label': 'Kind', onchange: again}, [['', 'All'], ['error', 'Errors'], ['running', 'Running'], ['2', '2xx'], ['3', '3xx'], ['4', '4xx'], ['5', '5xx']]
    .map(([value, words]) => h('option', {value}, words)));
  const pause = h('button', {type: 'button', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    text(pause, paused ? 'Go on' : 'Pause');
    again();
  }}, 'Pause');
  const filter = () => ({q: search.value, peer: peer.value.trim(), kind: kind.value});
  const har = h('a', {class: 'button', download: 'adit.har', href: '#', onclick: () => {
    har.href = Adit.url('har', filter());
  }}, 'Export HAR');
  const clear = button('Clear', async () => {
    await post('clear');
    selected = null;
    details.replaceChildren(hint());
    again();
  });
  let bodiesUntil = null;
  const bodies = button('Keep bodies', async () => {
    const result = await post('bodies', {name: peer.value.trim(), value: bodiesUntil ? 'off' : 'on'});
    toast(result.until ? 'The first ' + bytes(result.bytes) + ' of each body are kept until ' + moment(result.until) + '. They may hold secrets.' : 'Bodies are not kept any more.');
    again();
  });
  const hint = () => h('p', {class: 'empty'}, 'Choose a request to see its fields, its timing and what to do with it.');
  const details = h('aside', {class: 'details', 'aria-label': 'Request'}, hint());
  const table = Adit.table([
    {title: 'Time', text: row => Adit.clock(row.at), hint: row => moment(row.at)},
    {title: 'Peer', text: row => row.peer || '\u2013'},
    {title: 'Method', class: 'method', text: row => row.method},
    {title: 'Target', class: 'wide target', text: row => row.target, hint: row => row.host + row.target},
    {title: 'Status', class: 'status', text: row => row.how === undefined ? 'running' : [row.status || '', row.how].filter(each => each).join(' ')},
    {title: 'Took', class: 'num', text: row => row.millis === undefined ? '' : millis(row.millis)},
    {title: 'Size', class: 'num', text: row => row.out === undefined ? '' : bytes(row.out)}
  ], {key: row => row.id, empty: 'No request yet, or none that matches.', class: 'requests', onrow: row => select(row.id),
    rowClass: row => (row.error ? 'trouble' : '') + (row.id === selected ? ' selected' : '') + (row.how === undefined ? ' running' : '')});

  let rows = [];

  async function select(id) {
    selected = id;
    table.show(rows);
    await load();
    details.scrollIntoView({block: 'nearest'});
  }

  let loaded = null;

  async function load() {
    const id = selected;
    try {
      const request = await Adit.get('request', {id});
      if (id === selected) {
        loaded = request;
        details.replaceChildren(...show(request));
      }
    } catch (error) {
      if (id === selected) {
        loaded = null;
        details.replaceChildren(h('p', {class: 'empty'}, error.message));
      }
    }
  }

  function fields(title, list) {
    return h('details', {open: true}, h('summary', {}, title + ' (' + list.length + ')'), list.length
      ? h('dl', {class: 'fields'}, list.map(field => h('div', {}, h('dt', {}, field.name), h('dd', {class: field.value === '[redacted]' ? 'hidden-value' : null}, field.value))))
      : h('p', {class: 'empty'}, 'None.'));
  }

  function body(title, kept, size) {
    return kept ? h('details', {open: true}, h('summary', {}, title + ' (' + bytes(kept.bytes) + (size > kept.bytes ? ' of ' + bytes(size) : '') + ')'), h('pre', {}, kept.text)) : null;
  }

  function show(request) {
    const result = h('div', {role: 'status'});
    const curl = h('textarea', {class: 'code', readonly: true, rows: 6, 'aria-label': 'curl command'});
    curl.value = request.curl;
    const replay = button('Send again', async () => {
      result.replaceChildren(h('p', {class: 'wait-line'}, 'On its way\u2026'));
      try {
        const answer = await post('replay', {id: request.id});
        result.replaceChildren(h('h3', {}, 'Sent again: ' + (answer.status || 'no response') + (answer.reason ? ', ' + answer.reason : '') + ' in ' + millis(answer.millis)),
          fields('Response fields', answer.fields), body('Response body', answer.body, answer.bytes) || '');
      } catch (error) {
        result.replaceChildren(h('p', {class: 'verdict bad'}, error.message));
      }
    });
    replay.disabled = !request.repeatable;
    replay.title = request.repeatable ? 'Through the tunnel, without what is redacted' : 'Not possible: it runs, was for no peer, or its body was not kept';
    return [h('div', {class: 'box-head'}, h('h2', {}, request.method + ' ', h('span', {class: 'status-word ' + (request.error ? 'bad' : '')},
      request.how === undefined ? 'running' : [request.status || '', request.how].filter(each => each).join(' '))),
    h('button', {type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => {
      selected = null;
      loaded = null;
      details.replaceChildren(hint());
      table.show(rows);
    }}, '\u00d7')),
    h('p', {class: 'url'}, request.url),
    h('p', {class: 'summary'}, [moment(request.at), request.protocol, 'from ' + request.client, request.peer ? 'for ' + request.peer : 'for no peer', request.session || '',
      request.in === undefined ? '' : bytes(request.in) + ' up, ' + bytes(request.out) + ' down'].filter(each => each).join(' \u00b7 ')),
    request.timings ? Adit.plot.legs(request.timings, request.millis) : '',
    h('div', {class: 'buttons'}, button('Copy as curl', () => Adit.copy(request.curl)), Adit.isProxy ? replay : null, Adit.isProxy && request.peer ? h('a', {class: 'button', href: href('adit-peers', {name: request.peer})}, 'Peer') : null),
    result,
    fields('Request fields', request.requestFields), body('Request body', request.requestBody, request.in) || '',
    fields('Response fields', request.responseFields), body('Response body', request.responseBody, request.out) || '',
    h('details', {}, h('summary', {}, 'As curl'), curl)];
  }

  main.append(h('div', {class: 'tools'}, search, peer, kind, pause, h('span', {class: 'space'}), bodies, har, clear),
    h('div', {class: 'inspector'}, table.element, details));

  tick = Adit.poll(() => paused && seen >= 0 ? Promise.resolve(null) : Adit.get('requests', {...filter(), seen, count: 100}), tree => {
    if (tree.same) {
      return;
    }
    seen = tree.version;
    rows = tree.rows;
    table.show(rows);
    bodiesUntil = tree.bodiesUntil;
    text(bodies, bodiesUntil ? 'Stop keeping bodies' : 'Keep bodies');
    bodies.disabled = !peer.value.trim();
    bodies.title = peer.value.trim() ? '' : 'Name a peer first: bodies are kept of one at a time';
    if (selected !== null && (loaded === null || loaded.how === undefined)) {
      load();
    }
  });
});
