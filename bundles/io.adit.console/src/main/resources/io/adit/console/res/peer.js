/* One peer: its sessions with their streams, what happened to it, its last requests. */
'use strict';
Adit.sessionCard = () => {
  const {h, text, number, bytes, moment, plot, table} = Adit;
  const facts = h('dl', {class: 'facts'});
  const values = new Map();
  const fact = (name, value) => {
    let shown = values.get(name);
    if (!shown) {
      shown = h('dd', {});
      values.set(name, shown);
      facts.append(h('div', {}, h('dt', {}, name), shown));
    }
    text(shown, value);
  };
  const picture = plot.throughput('from the peer', 'to the peer');
  const streams = table([
    {title: 'Stream', class: 'num', text: row => row.id},
    {title: 'Method', text: row => row.method},
    {title: 'Target', class: 'wide target', text: row => row.target},
    {title: 'Age', class: 'num', text: row => Adit.duration(row.age)},
    {title: 'Idle', class: 'num', text: row => Adit.duration(row.idle)},
    {title: 'Held up', text: row => row.waitsFor ? (row.waitsFor === 'credit' ? 'the other side reads nothing' : 'nobody reads here') + ', ' + Adit.duration(row.stall) : ''},
    {title: 'Received', class: 'num', text: row => bytes(row.in)},
    {title: 'Sent', class: 'num', text: row => bytes(row.out)},
    {title: 'Window', class: 'num', text: row => bytes(row.window), hint: row => bytes(row.buffered) + ' wait to be read; ' + bytes(row.credit) + ' may be sent'}
  ], {key: row => row.id, empty: 'No stream is open.', rowClass: row => row.stall > 1000 ? 'trouble' : ''});
  const title = h('h2', {});
  return {element: h('section', {class: 'session'}, title, facts, picture.element, h('h3', {}, 'Streams'), streams.element), show(session, direction) {
    text(title, 'Session ' + session.id);
    fact('State', session.state);
    fact('Remote', session.remote);
    fact('Since', moment(session.since));
    fact('Codec', session.codec ? 'v' + session.codec : 'waits for one');
    fact('Round trip', Adit.roundTrip(session.roundTrip) || 'not measured yet');
    fact('Streams', number(session.open) + ' open, ' + number(session.total) + ' so far');
    fact('Received', bytes(session.in));
    fact('Sent', bytes(session.out));
    for (const [name, value] of Object.entries(session.details || {})) {
      fact('Says: ' + name, value);
    }
    if (direction === 'peer') {
      picture.show(session.outSeries, session.inSeries);
    } else {
      picture.show(session.inSeries, session.outSeries);
    }
    streams.show(session.streams);
  }};
};

/** Cards of sessions, which come and go. */
Adit.sessionCards = direction => {
  const cards = new Map();
  const element = Adit.h('div', {});
  return {element, show(list) {
    for (const [id, card] of cards) {
      if (!list.some(session => session.id === id)) {
        card.element.remove();
        cards.delete(id);
      }
    }
    for (const session of list) {
      if (!cards.has(session.id)) {
        const card = Adit.sessionCard();
        cards.set(session.id, card);
        element.append(card.element);
      }
      cards.get(session.id).show(session, direction);
    }
  }};
};

Adit.requestColumns = () => [
  {title: 'Time', text: row => Adit.clock(row.at)},
  {title: 'Method', text: row => row.method},
  {title: 'Target', class: 'wide target', text: row => row.target},
  {title: 'Status', text: row => row.how === undefined ? 'running' : [row.status || '', row.how].filter(each => each).join(' ')},
  {title: 'Time taken', class: 'num', text: row => row.millis === undefined ? '' : Adit.millis(row.millis)},
  {title: 'Size', class: 'num', text: row => row.out === undefined ? '' : Adit.bytes(row.out)}
];

Adit.peer = (main, name) => {
  const {h, text, number, ago, href} = Adit;
  let data = {};
  let tick = () => {};
  const state = h('span', {});
  const url = h('span', {class: 'url'});
  const line = h('p', {class: 'summary'});
  const cards = Adit.sessionCards('proxy');
  const gone = h('p', {class: 'empty', hidden: true}, 'The peer is not connected here.');
  const events = Adit.table(Adit.eventColumns(false), {key: Adit.eventKey, empty: 'Nothing happened since this console was started.', rowClass: row => row.trouble ? 'trouble' : ''});
  const recent = Adit.table(Adit.requestColumns(), {key: row => row.id, empty: 'No request yet.', rowClass: row => row.error ? 'trouble' : '', onrow: row => {
    location.href = href('adit-requests', {peer: name, id: row.id});
  }});
  main.append(h('p', {class: 'crumbs'}, h('a', {href: href('adit-peers')}, 'Peers'), ' \u203a'), h('div', {class: 'head'}, h('h1', {}, name), state, url),
    h('div', {class: 'buttons'}, Adit.peerActions(name, () => data, () => tick())), line, gone, cards.element, h('div', {class: 'columns'},
      h('section', {}, h('h2', {}, 'Events'), events.element),
      h('section', {}, h('h2', {}, 'Last requests ', h('a', {class: 'more', href: href('adit-requests', {peer: name})}, 'all')), recent.element)));
  tick = Adit.poll(() => Adit.get('peer', {name}), tree => {
    data = tree;
    if (state.dataset.state !== tree.state) {
      state.dataset.state = tree.state;
      state.replaceChildren(Adit.badge(tree.state));
    }
    if (url.textContent !== (tree.url || '')) {
      url.replaceChildren(tree.url ? Adit.link(tree.url) : '');
    }
    text(line, ['since ' + ago(tree.since).replace(' ago', ''), tree.proxy ? 'proxy ' + tree.proxy : '', number(tree.requests || 0) + ' requests, ' + number(tree.errors || 0) + ' errors',
      tree.lastError ? 'last error: ' + tree.lastError + ', ' + ago(tree.lastErrorAt) : ''].filter(each => each).join(' \u00b7 '));
    gone.hidden = tree.sessionList.length > 0;
    cards.show(tree.sessionList);
    events.show(tree.events);
    recent.show(tree.recent);
  });
};
