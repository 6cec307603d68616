/* Invitations: a new one is shown once, with a QR code. And what else belongs to a name: its terms, domains of its own, names that were given up. */
'use strict';
Adit.page('invitations', main => {
  const {h, text, number, ago, moment, post, toast, button, href} = Adit;
  let tick = () => {};
  const shown = h('div', {role: 'status'});

  function show(result) {
    const line = h('textarea', {class: 'code', readonly: true, rows: 3, 'aria-label': 'Invitation of ' + result.name, onfocus: () => line.select()});
    line.value = result.invitation;
    shown.replaceChildren(h('section', {class: 'invitation'}, h('div', {}, h('h2', {}, 'Invitation of ' + result.name),
      h('p', {}, 'This is shown once. It holds the secret of the name: whoever has it can serve the name.'), line,
      h('p', {}, 'On the peer\u2019s machine: ', h('code', {}, 'adit peer --invite \u2026 --origin http://127.0.0.1:8000')),
      h('div', {class: 'buttons'}, button('Copy', () => Adit.copy(result.invitation), 'primary'), button('Hide', () => shown.replaceChildren()))),
    Adit.qr(result.qr, 'QR code of the invitation')));
    shown.scrollIntoView({block: 'nearest'});
  }

  async function invite(name, role, terms) {
    show(await post('invite', {name, role, ...terms}));
    tick();
  }

  const DAYS = [['never', 'never'], ['1', 'in a day'], ['7', 'in a week'], ['30', 'in 30 days'], ['365', 'in a year'], ['at', 'at\u2026']];

  /** When an invitation ends: a choice, or a moment. */
  function expiry(at) {
    const moment = h('input', {type: 'datetime-local', 'aria-label': 'Moment', hidden: !at});
    const select = h('select', {'aria-label': 'Expires', onchange: () => {
      moment.hidden = select.value !== 'at';
    }}, DAYS.map(([value, words]) => h('option', {value}, words)));
    if (at) {
      select.value = 'at';
      moment.value = new Date(at - new Date(at).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    }
    return {elements: [select, moment], value() {
      if (select.value === 'at') {
        if (!moment.value) {
          throw new Error('Choose a moment.');
        }
        return new Date(moment.value).toISOString();
      }
      return select.value === 'never' ? 'never' : new Date(Date.now() + 86400000 * Number(select.value)).toISOString();
    }};
  }

  const count1 = value => h('input', {type: 'number', min: 1, max: 64, value: value || 1, 'aria-label': 'Peers at a time', class: 'few'});

  /** Asks for something, does it, and says so. */
  function ask(title, verb, act, ...content) {
    const box = Adit.dialog(title, ...content, h('div', {class: 'buttons'}, button(verb, async () => {
      const result = await act();
      box.close();
      toast(result.text);
      tick();
    }, 'primary')));
  }

  function change(row) {
    const until = expiry(row.expires);
    const peers = count1(row.peers);
    const quota = h('input', {type: 'text', value: row.quota || 'default', class: 'long', spellcheck: 'false', 'aria-label': 'Quota'});
    const notify = h('input', {type: 'text', value: row.notify || 'none', class: 'long', spellcheck: 'false', 'aria-label': 'Notify'});
    ask('Terms of ' + row.name, 'Change', () => post('terms', {name: row.name, expires: until.value(), peers: peers.value, quota: quota.value.trim() || 'default',
      notify: notify.value.trim() || 'none'}),
    h('p', {}, 'The invitation stays the same; a session that they do not allow ends.'),
    h('div', {class: 'form'}, h('label', {}, 'Expires'), h('span', {class: 'tools'}, until.elements), h('label', {}, 'Peers at a time'), peers,
      h('label', {}, 'Quota'), h('span', {}, quota, h('small', {}, 'streams=20,rate=50,bandwidth=10M, any of them; none is no limit, default what is configured')),
      h('label', {}, 'Notify'), h('span', {}, notify, h('small', {}, 'e-mail addresses that are told when it serves, or none'))));
  }

  function rename(row) {
    const to = h('input', {type: 'text', value: row.name, maxlength: 63, autocapitalize: 'none', spellcheck: 'false', 'aria-label': 'New name'});
    ask('Rename ' + row.name, 'Rename', () => post('rename', {name: row.name, to: to.value.trim().toLowerCase()}),
      h('p', {}, 'Its peer comes back under the new name by itself; visitors of the old one get 404, and nobody else is given it for a while.'),
      h('div', {class: 'form'}, h('label', {}, 'New name'), to));
  }

  const WORDS = {streams: value => number(value) + ' streams', rate: value => number(value) + ' requests/s', bandwidth: value => Adit.rate(value)};

  /** streams=20,rate=none in words. */
  function quota(text) {
    return text.split(',').filter(each => each).map(each => each.split('=')).map(([what, value]) => value === 'none' ? 'any ' + what : WORDS[what](Number(value))).join(', ');
  }

  const name = h('input', {type: 'text', id: 'invite-name', required: true, maxlength: 63, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', placeholder: 'letters, digits, hyphens'});
  const role = h('select', {id: 'invite-role'}, h('option', {value: 'peer'}, 'a peer'), h('option', {value: 'proxy'}, 'another proxy'));
  const until = expiry(null);
  const peers = count1(1);
  const ofPeers = h('span', {class: 'tools'}, 'expires', until.elements, 'peers at a time', peers);
  role.addEventListener('change', () => {
    ofPeers.hidden = role.value !== 'peer';
  });
  const form = h('form', {class: 'tools', onsubmit: async event => {
    event.preventDefault();
    const wanted = name.value.trim().toLowerCase();
    try {
      const tree = await Adit.get('invitations', {q: wanted});
      const exists = role.value === 'peer' && tree.rows.some(row => row.name === wanted);
      if (!exists || await Adit.confirm('Invite ' + wanted + ' again?', 'Its earlier invitation ends, and so does its session.', 'Invite')) {
        await invite(wanted, role.value, role.value === 'peer' ? {expires: until.value(), peers: peers.value} : {});
        name.value = '';
      }
    } catch (error) {
      toast(error.message, true);
    }
  }}, h('label', {for: 'invite-name'}, 'Name'), name, h('label', {for: 'invite-role'}, 'for'), role, ofPeers, h('button', {type: 'submit', class: 'primary'}, 'Invite'));
  const search = h('input', {type: 'search', placeholder: 'Search names', 'aria-label': 'Search names', oninput: () => tick()});
  const count = h('span', {class: 'count', role: 'status'});

  const table = Adit.table([
    {title: 'Name', class: 'name', make: row => h('a', {href: href('adit-peers', {name: row.name})}, row.name)},
    {title: 'State', update: Adit.stateCell('state')},
    {title: 'Since', text: row => ago(row.since), hint: row => moment(row.since)},
    {title: 'Expires', text: row => row.expires ? Adit.until(row.expires) : '', hint: row => moment(row.expires)},
    {title: 'Peers', class: 'num', text: row => row.peers > 1 ? row.online + ' of ' + row.peers : ''},
    {title: 'Quota', class: 'wide', text: row => quota(row.quota)},
    {title: 'URL', class: 'wide', update: (cell, row) => {
      if (cell.textContent !== row.url) {
        cell.replaceChildren(row.url ? Adit.link(row.url) : '');
      }
    }},
    {title: 'Actions', class: 'acts', make: (row, now) => [button('Terms\u2026', () => change(now())), button('Rename\u2026', () => rename(now())), button('Invite again\u2026', async () => {
      if (await Adit.confirm('Invite ' + row.name + ' again?', 'Its earlier invitation ends, and so does its session.', 'Invite')) {
        await invite(row.name, 'peer', {});
      }
    }), button('Revoke\u2026', async () => {
      if (await Adit.confirm('Revoke ' + row.name + '?', 'The name and its session end at once. This cannot be taken back.', 'Revoke')) {
        const result = await post('revoke', {name: row.name});
        toast(result.text);
        tick();
      }
    }, 'danger')]}
  ], {key: row => row.name, empty: 'No name yet, or none that matches.', class: 'names'});

  // ---- domains of their own

  async function act(action, fields) {
    const result = await post(action, fields);
    toast(result.text);
    tick();
  }

  const owner = h('input', {type: 'text', id: 'domain-name', required: true, maxlength: 63, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', class: 'short'});
  const domain = h('input', {type: 'text', id: 'domain-domain', required: true, maxlength: 253, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', placeholder: 'www.example.org'});
  const add = h('form', {class: 'tools', onsubmit: async event => {
    event.preventDefault();
    try {
      await act('domain-add', {name: owner.value.trim().toLowerCase(), domain: domain.value.trim().toLowerCase()});
      domain.value = '';
    } catch (error) {
      toast(error.message, true);
    }
  }}, h('label', {for: 'domain-domain'}, 'Domain'), domain, h('label', {for: 'domain-name'}, 'leads to the name'), owner, h('button', {type: 'submit'}, 'Add'));
  const domains = Adit.table([
    {title: 'Domain', class: 'name', text: row => row.domain},
    {title: 'Name', make: row => h('a', {href: href('adit-peers', {name: row.name})}, row.name)},
    {title: 'State', update: Adit.stateCell('state')},
    {title: 'Since', text: row => ago(row.since), hint: row => moment(row.since)},
    {title: 'TXT record that proves it', class: 'wide', make: row => [h('code', {}, row.record + ' TXT "' + row.value + '"'), ' ',
      button('Copy', () => Adit.copy(row.record + '. TXT "' + row.value + '"'))]},
    {title: 'Last look', class: 'wide', text: row => row.problem},
    {title: 'Actions', class: 'acts', make: row => [button('Check now', () => act('domain-check', {domain: row.domain})), button('Remove\u2026', async () => {
      if (await Adit.confirm('Remove ' + row.domain + '?', 'It does not lead to ' + row.name + ' any more, at once.', 'Remove')) {
        await act('domain-remove', {name: row.name, domain: row.domain});
      }
    }, 'danger')]}
  ], {key: row => row.domain + ' ' + row.name, empty: 'None.', class: 'domains'});

  const released = Adit.table([
    {title: 'Name', class: 'name', text: row => row.name},
    {title: 'Since', text: row => ago(row.since), hint: row => moment(row.since)},
    {title: 'Nobody gets it until', text: row => Adit.until(row.until), hint: row => moment(row.until)},
    {title: 'Is called now', text: row => row.renamed},
    {title: 'Actions', class: 'acts', make: row => button('Release', () => act('release', {name: row.name}))}
  ], {key: row => row.name, empty: 'None.', class: 'released'});

  main.append(h('section', {}, h('h2', {}, 'New invitation'), form, shown), h('section', {}, h('h2', {}, 'Names'), h('div', {class: 'tools'}, search, count), table.element),
    h('section', {}, h('h2', {}, 'Domains of their own'), add, domains.element), h('section', {}, h('h2', {}, 'Names that were given up'), released.element));
  tick = Adit.poll(async () => {
    const [names, owned, given] = await Promise.all([Adit.get('invitations', {q: search.value.trim()}), Adit.get('domains'), Adit.get('released')]);
    return {...names, domains: owned.rows, released: given.rows};
  }, tree => {
    table.show(tree.rows);
    domains.show(tree.domains);
    released.show(tree.released);
    text(count, number(tree.total) + (tree.total === 1 ? ' name' : ' names') + (tree.matched === tree.total ? '' : ', ' + number(tree.matched) + ' match')
      + (tree.rows.length < tree.matched ? ', the first ' + number(tree.rows.length) + ' are shown' : ''));
  });
});
