/* The overview: how much goes through, who does most of it, and what happened last. */
'use strict';
Adit.page('overview', main => {
  const {h, text, number, bytes, rate, millis, plot, table, href} = Adit;
  const line = h('p', {class: 'summary'});
  const tiles = {
    requests: plot.tile('Requests', '', value => number(value) + '/s'),
    errors: plot.tile('Errors', 'bad', value => number(value) + '/s'),
    bytes_in: plot.tile('From peers', '', rate),
    bytes_out: plot.tile('To peers', '', rate),
    p50: plot.tile('Median to first byte', '', millis, '10 s'),
    p99: plot.tile('99 % to first byte', '', millis, '10 s'),
    streams: plot.tile('Streams', '', number, 'open now'),
    sessions: plot.tile('Sessions', '', number),
    memory: plot.tile('Memory', '', bytes),
    cpu: plot.tile('Processor', '', value => number(100 * value) + ' %', 'of all cores')
  };
  const busiest = table([
    {title: 'Peer', make: row => h('a', {href: href('adit-peers', {name: row.name})}, row.name)},
    {title: 'From peer', class: 'num', text: row => rate(row.inRate)},
    {title: 'To peer', class: 'num', text: row => rate(row.outRate)},
    {title: 'Streams', class: 'num', text: row => number(row.streams || 0)},
    {title: 'Requests', class: 'num', text: row => number(row.requests || 0)},
    {title: 'Errors', class: 'num', text: row => number(row.errors || 0)}
  ], {key: row => row.name, empty: 'No peer is connected.'});
  const events = table(Adit.eventColumns(true), {key: Adit.eventKey, empty: 'Nothing happened yet.', rowClass: row => row.trouble ? 'trouble' : '', class: 'events'});
  const proxies = table([
    {title: 'Proxy', text: row => row.name},
    {title: 'State', update: Adit.stateCell('state')},
    {title: 'Tunnel', text: row => row.tunnel},
    {title: 'Peers', class: 'num', text: row => number(row.peers)},
    {title: 'Capacity', class: 'num', text: row => row.capacity ? number(row.capacity) : ''}
  ], {key: row => row.name, empty: 'This proxy is linked to a registration server, which knows the others.'});
  main.append(line, h('div', {class: 'tiles'}, Object.values(tiles).map(tile => tile.element)), h('div', {class: 'columns'},
    h('section', {}, h('h2', {}, 'Busiest peers'), busiest.element, h('h2', {}, 'Proxies'), proxies.element),
    h('section', {}, h('h2', {}, 'Last events'), events.element)));
  Adit.poll(() => Adit.get('overview'), tree => {
    text(line, number(tree.online) + ' of ' + number(tree.names) + ' names online \u00b7 ' + number(tree.requests) + ' requests, ' + number(tree.errors)
      + ' errors \u00b7 up ' + Adit.duration(tree.uptime));
    for (const [name, tile] of Object.entries(tiles)) {
      tile.show(tree.tiles[name].now, tree.tiles[name].series, name === 'memory' ? 'of ' + bytes(tree.memoryMax) : undefined);
    }
    busiest.show(tree.busiest);
    events.show(tree.events);
    proxies.show(tree.proxies);
  });
});
