/* The codec versions: who gives them, how many sessions send with each, and what to do about it. */
'use strict';
Adit.page('codecs', main => {
  const {h, text, number, ago, post, toast, button, table, svg} = Adit;
  let tick = () => {};
  let total = 1;
  const prefer = async version => {
    const result = await post('prefer', {version});
    toast(result.text);
    tick();
  };
  const codecs = table([
    {title: 'Codec', text: row => row.version ? 'v' + row.version : 'none'},
    {title: 'Bundle', text: row => row.version ? row.bundle : 'sessions that wait for a codec'},
    {title: 'Version', text: row => row.bundleVersion},
    {title: 'Sessions', class: 'num', text: row => number(row.sessions)},
    {title: 'Share', class: 'share', make: () => svg('svg', {viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true'}, svg('rect', {class: 'track', width: 100, height: 8}),
      svg('rect', {class: 'fill', width: 0, height: 8})), update: (cell, row) => cell.querySelector('.fill').setAttribute('width', 100 * row.sessions / total)},
    {title: 'State', text: row => row.preferred ? 'preferred' : row.version ? 'here' : 'waiting'},
    {title: '', class: 'acts', make: row => row.version ? button('Prefer', () => prefer(row.version)) : ''}
  ], {key: row => row.version, empty: 'There is no codec here: peers cannot connect.', rowClass: row => row.version ? '' : 'trouble'});
  const usual = button('Back to the configured order', () => prefer(0));
  const file = h('input', {type: 'file', accept: '.jar,application/java-archive', 'aria-label': 'Bundle'});
  const progress = h('p', {class: 'progress', role: 'status'});
  let most = 0;
  const send = button('Exchange', async () => {
    if (!file.files.length) {
      toast('Choose a bundle first.', true);
      return;
    }
    if (file.files[0].size > most) {
      toast('The bundle is larger than ' + Adit.bytes(most) + '.', true);
      return;
    }
    if (await Adit.confirm('Exchange a bundle?', file.files[0].name + ' takes the place of the bundle with its symbolic name, while all runs. What arrives meanwhile waits.', 'Exchange')) {
      await Adit.upload(file.files[0]);
      file.value = '';
      tick();
    }
  }, 'primary');
  const upload = h('section', {}, h('h2', {}, 'Exchange a bundle'),
    h('p', {}, 'A new codec, or another version of a bundle of Adit: it takes the place of the one with its name, and no request is lost. The counts above move as sessions do.'),
    h('div', {class: 'tools'}, file, send), progress);
  const bundles = table([
    {title: 'Bundle', text: row => row.name},
    {title: 'Version', text: row => row.version},
    {title: 'State', text: row => row.active ? 'active' : 'not active'},
    {title: 'Installed', text: row => ago(row.at)}
  ], {key: row => row.name, rowClass: row => row.active ? '' : 'trouble'});
  const line = h('p', {class: 'summary'});
  main.append(line, codecs.element, h('div', {class: 'buttons'}, usual), upload, h('section', {}, h('h2', {}, 'Bundles of Adit'), bundles.element));
  tick = Adit.poll(() => Adit.get('codecs'), tree => {
    const sessions = tree.codecs.reduce((sum, row) => sum + row.sessions, 0);
    total = Math.max(1, sessions);
    most = tree.uploadMax;
    text(line, tree.engine ? number(sessions) + (sessions === 1 ? ' session' : ' sessions') + (tree.preferred ? ' \u00b7 codec v' + tree.preferred + ' is preferred until the configuration changes or the engine is restarted'
      : ' \u00b7 the configured order counts') : 'The engine is away just now.');
    codecs.show(tree.codecs);
    usual.disabled = !tree.preferred;
    bundles.show(tree.bundles);
    upload.hidden = !tree.swap;
    text(progress, tree.upload.state ? tree.upload.name + ': ' + tree.upload.text + ' (' + tree.upload.state + ', ' + ago(tree.upload.at) + ')' : '');
    Adit.cls(progress, 'progress ' + (tree.upload.state || ''));
  });
});
