/* The owner's page: how the peer of this container is, and who asks for what. */
'use strict';
(() => {
  const {h, text, number, bytes, ago, millis, href} = Adit;
  const WORDS = {connected: 'Your site can be reached.', connecting: 'Not connected; trying again and again.', stopped: 'Stopped: it makes no sense to go on.'};

  function card() {
    const state = h('span', {});
    const name = h('h1', {});
    const words = h('p', {class: 'verdict'});
    const url = h('p', {class: 'url big'});
    const code = h('div', {class: 'code-box'});
    const line = h('p', {class: 'summary'});
    const session = Adit.sessionCards('peer');
    const recent = Adit.table(Adit.requestColumns(), {key: row => row.id, empty: 'No request yet.', rowClass: row => row.error ? 'trouble' : '', onrow: row => {
      location.href = href('adit-requests', {id: row.id});
    }});
    const element = h('article', {}, h('div', {class: 'columns local'}, h('section', {}, h('div', {class: 'head'}, name, state), words, url, line), code),
      session.element, h('section', {}, h('h2', {}, 'Last requests ', h('a', {class: 'more', href: href('adit-requests')}, 'all')), recent.element));
    return {element, show(peer, tree) {
      text(name, peer.name);
      if (state.dataset.state !== peer.state) {
        state.dataset.state = peer.state;
        state.replaceChildren(Adit.badge(peer.state));
      }
      text(words, peer.reason ? WORDS[peer.state] + ' ' + peer.reason : WORDS[peer.state]);
      Adit.cls(words, 'verdict ' + (peer.state === 'connected' ? 'good' : 'bad'));
      if (url.textContent !== peer.url) {
        url.replaceChildren(peer.url ? Adit.link(peer.url) : '');
        code.replaceChildren(peer.qr ? Adit.qr(peer.qr, 'QR code of ' + peer.url) : '');
      }
      text(line, [peer.state + ' since ' + ago(peer.since).replace(' ago', ''), peer.proxy ? 'proxy ' + peer.proxy : '', number(peer.requests || 0) + ' requests, '
        + number(peer.errors || 0) + ' errors', bytes(peer.out || 0) + ' to visitors, ' + bytes(peer.in || 0) + ' from them',
        tree.p50 ? 'median ' + millis(tree.p50) + ' to first byte' : ''].filter(each => each).join(' \u00b7 '));
      recent.show(peer.recent);
      session.show(peer.session ? [peer.session] : []);
    }};
  }

  Adit.page('peer', main => {
    const cards = new Map();
    const none = h('p', {class: 'empty', hidden: true}, 'There is no peer in this container just now.');
    main.append(none);
    Adit.poll(() => Adit.get('local'), tree => {
      none.hidden = tree.peers.length > 0;
      for (const [name, each] of cards) {
        if (!tree.peers.some(peer => peer.name === name)) {
          each.element.remove();
          cards.delete(name);
        }
      }
      for (const peer of tree.peers) {
        if (!cards.has(peer.name)) {
          cards.set(peer.name, card());
          main.append(cards.get(peer.name).element);
        }
        cards.get(peer.name).show(peer, tree);
      }
    });
  });
})();
