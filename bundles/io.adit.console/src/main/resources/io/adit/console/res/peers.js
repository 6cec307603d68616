/* All peers: a page of the table at a time, found and sorted by the server; and what can be done with one. */
'use strict';
(() => {
  const {h, text, number, bytes, rate, ago, moment, href, badge, post, toast, dialog, button} = Adit;

  Adit.stateCell = key => (cell, row) => {
    if (cell.dataset.state !== row[key]) {
      cell.dataset.state = row[key];
      cell.replaceChildren(badge(row[key]));
    }
  };

  Adit.eventKey = event => event.at + event.kind + event.session + event.name + event.text;

  Adit.eventColumns = withName => [
    {title: 'When', text: row => ago(row.at), hint: row => moment(row.at)},
    withName ? {title: 'Peer', make: row => row.name ? h('a', {href: href('adit-peers', {name: row.name})}, row.name) : ''} : null,
    {title: 'What', text: row => row.kind},
    {title: 'Details', text: row => [row.text, row.session, row.remote].filter(each => each).join(' \u00b7 '), class: 'wide'}
  ].filter(column => column);

  Adit.roundTrip = micros => micros ? Adit.millis(micros / 1000) : '';

  // ---- what can be done with a peer

  async function probe(name) {
    const box = dialog('Probe of ' + name, h('p', {class: 'wait-line', role: 'status'}, 'A request is on its way through the tunnel\u2026'));
    try {
      const result = await post('probe', {name});
      box.lastElementChild.replaceWith(h('div', {role: 'status'}, h('p', {class: result.ok ? 'verdict good' : 'verdict bad'}, result.verdict),
        h('ol', {class: 'probe'}, result.legs.map(leg => h('li', {}, badge(leg.state === 'slow' ? 'wait' : leg.state, leg.state), h('b', {}, leg.name), h('span', {}, leg.text),
          h('span', {class: 'num'}, leg.millis === null ? '' : Adit.millis(leg.millis)))))));
    } catch (error) {
      box.lastElementChild.replaceWith(h('p', {class: 'verdict bad', role: 'status'}, error.message));
    }
  }

  async function act(action, name, done) {
    const result = await post(action, {name});
    toast(result.text);
    done();
  }

  function move(name, proxies, done) {
    const select = h('select', {'aria-label': 'Proxy'}, proxies.map(each => h('option', {}, each)));
    const box = dialog('Move ' + name, h('p', {}, 'The peer is told to go to the proxy; what it serves here finishes. Name servers are told at once.'),
      h('p', {}, h('label', {}, 'To proxy ', select)), h('div', {class: 'buttons'}, button('Move', async () => {
        const result = await post('move', {name, proxy: select.value});
        box.close();
        toast(result.text);
        done();
      }, 'primary')));
  }

  async function revoke(name, done) {
    if (await Adit.confirm('Revoke ' + name + '?', 'The name and its session end at once, and its invitation is never accepted again. This cannot be taken back.', 'Revoke')) {
      await act('revoke', name, done);
    }
  }

  async function disconnect(name, done) {
    if (await Adit.confirm('Disconnect ' + name + '?', 'Requests under way break off. The peer connects anew by itself.', 'Disconnect')) {
      await act('disconnect', name, done);
    }
  }

  Adit.peerActions = (name, data, done) => [
    button('Probe', () => probe(name)),
    button('Drain', () => act('drain', name, done)),
    button('Disconnect\u2026', () => disconnect(name, done)),
    button('Move\u2026', () => move(name, data().proxies || [], done)),
    button('Revoke\u2026', () => revoke(name, done), 'danger')
  ];

  // ---- the table

  const COUNT = 50;

  function list(main, parameters) {
    let from = 0;
    let proxies = [];
    let tick = () => {};
    const again = () => tick();
    const first = () => {
      from = 0;
      again();
    };
    const search = h('input', {type: 'search', placeholder: 'Name, address or proxy', 'aria-label': 'Search peers', value: parameters.get('q') || '', oninput: first});
    const state = h('select', {'aria-label': 'State', onchange: first}, h('option', {value: ''}, 'All'), h('option', {value: 'online'}, 'Online'), h('option', {value: 'offline'}, 'Offline'));
    const count = h('span', {class: 'count', role: 'status'});
    const place = h('span', {class: 'count'});
    const back = h('button', {type: 'button', onclick: () => {
      from = Math.max(0, from - COUNT);
      again();
    }}, '\u2039 Previous');
    const next = h('button', {type: 'button', onclick: () => {
      from += COUNT;
      again();
    }}, 'Next \u203a');
    const table = Adit.table([
      {title: 'Name', sort: 'name', class: 'name', make: row => h('a', {href: href('adit-peers', {name: row.name})}, row.name)},
      {title: 'State', sort: 'state', update: Adit.stateCell('state')},
      {title: 'Since', sort: 'since', descending: true, text: row => ago(row.since), hint: row => moment(row.since)},
      {title: 'Remote', sort: 'remote', text: row => row.sessions > 1 ? row.remote + ', ' + (row.sessions - 1) + ' more' : row.remote},
      {title: 'Proxy', sort: 'proxy', text: row => row.proxy},
      {title: 'Codec', sort: 'codec', descending: true, text: row => row.codec ? 'v' + row.codec : ''},
      {title: 'Round trip', sort: 'roundTrip', class: 'num', text: row => Adit.roundTrip(row.roundTrip)},
      {title: 'Streams', sort: 'streams', descending: true, class: 'num', text: row => row.streams === undefined ? '' : number(row.streams)},
      {title: 'Traffic', sort: 'traffic', descending: true, class: 'num', text: row => row.in === undefined ? '' : rate(row.inRate + row.outRate),
        hint: row => row.in === undefined ? '' : 'from the peer ' + bytes(row.in) + ', to it ' + bytes(row.out)},
      {title: 'Requests', sort: 'requests', descending: true, class: 'num', text: row => row.requests ? number(row.requests) : ''},
      {title: 'Last error', sort: 'lastError', descending: true, class: 'wide', text: row => row.lastError ? row.lastError + ', ' + ago(row.lastErrorAt) : ''},
      {title: 'Actions', class: 'acts', make: row => [button('Probe', () => probe(row.name)), h('button', {type: 'button', 'aria-haspopup': 'dialog', onclick: () => {
        const box = dialog(row.name, h('div', {class: 'menu'}, Adit.peerActions(row.name, () => ({proxies}), again)));
        box.addEventListener('click', event => {
          if (event.target.closest('.menu button')) {
            box.close();
          }
        });
      }}, 'More\u2026')]}
    ], {key: row => row.name, sort: 'name', onsort: first, empty: 'No peer matches.', class: 'peers'});
    main.append(h('div', {class: 'tools'}, search, state, count), table.element, h('div', {class: 'tools pager'}, back, place, next));
    tick = Adit.poll(() => Adit.get('peers', {q: search.value, state: state.value, from, count: COUNT, ...table.sort()}), tree => {
      proxies = tree.proxies;
      table.show(tree.rows);
      text(count, number(tree.online) + ' online of ' + number(tree.total) + (tree.matched === tree.total ? '' : ', ' + number(tree.matched) + ' match'));
      text(place, tree.matched ? number(tree.from + 1) + ' to ' + number(tree.from + tree.rows.length) + ' of ' + number(tree.matched) : '');
      from = tree.from;
      back.disabled = from === 0;
      next.disabled = from + tree.rows.length >= tree.matched;
      main.dataset.ready = main.dataset.ready || Math.round(performance.now()); // milliseconds to the first rows, for whoever measures
    });
  }

  Adit.page('peers', (main, parameters) => parameters.get('name') ? Adit.peer(main, parameters.get('name')) : list(main, parameters));
})();
