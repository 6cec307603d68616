/* Invitations: a new one is shown once, with a QR code. */
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

  async function invite(name, role) {
    show(await post('invite', {name, role}));
    tick();
  }

  const name = h('input', {type: 'text', id: 'invite-name', required: true, maxlength: 63, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', placeholder: 'letters, digits, hyphens'});
  const role = h('select', {id: 'invite-role'}, h('option', {value: 'peer'}, 'a peer'), h('option', {value: 'proxy'}, 'another proxy'));
  const form = h('form', {class: 'tools', onsubmit: async event => {
    event.preventDefault();
    const wanted = name.value.trim().toLowerCase();
    try {
      const tree = await Adit.get('invitations', {q: wanted});
      const exists = role.value === 'peer' && tree.rows.some(row => row.name === wanted);
      if (!exists || await Adit.confirm('Invite ' + wanted + ' again?', 'Its earlier invitation ends, and so does its session.', 'Invite')) {
        await invite(wanted, role.value);
        name.value = '';
      }
    } catch (error) {
      toast(error.message, true);
    }
  }}, h('label', {for: 'invite-name'}, 'Name'), name, h('label', {for: 'invite-role'}, 'for'), role, h('button', {type: 'submit', class: 'primary'}, 'Invite'));
  const search = h('input', {type: 'search', placeholder: 'Search names', 'aria-label': 'Search names', oninput: () => tick()});
  const count = h('span', {class: 'count', role: 'status'});

  const table = Adit.table([
    {title: 'Name', class: 'name', make: row => h('a', {href: href('adit-peers', {name: row.name})}, row.name)},
    {title: 'State', update: Adit.stateCell('state')},
    {title: 'Since', text: row => ago(row.since), hint: row => moment(row.since)},
    {title: 'URL', class: 'wide', update: (cell, row) => {
      if (cell.textContent !== row.url) {
        cell.replaceChildren(row.url ? Adit.link(row.url) : '');
      }
    }},
    {title: 'Actions', class: 'acts', make: row => [button('Invite again\u2026', async () => {
      if (await Adit.confirm('Invite ' + row.name + ' again?', 'Its earlier invitation ends, and so does its session.', 'Invite')) {
        await invite(row.name, 'peer');
      }
    }), button('Revoke\u2026', async () => {
      if (await Adit.confirm('Revoke ' + row.name + '?', 'The name and its session end at once. This cannot be taken back.', 'Revoke')) {
        const result = await post('revoke', {name: row.name});
        toast(result.text);
        tick();
      }
    }, 'danger')]}
  ], {key: row => row.name, empty: 'No name yet, or none that matches.'});

  main.append(h('section', {}, h('h2', {}, 'New invitation'), form, shown), h('section', {}, h('h2', {}, 'Names'), h('div', {class: 'tools'}, search, count), table.element));
  tick = Adit.poll(() => Adit.get('invitations', {q: search.value.trim()}), tree => {
    table.show(tree.rows);
    text(count, number(tree.total) + (tree.total === 1 ? ' name' : ' names') + (tree.matched === tree.total ? '' : ', ' + number(tree.matched) + ' match')
      + (tree.rows.length < tree.matched ? ', the first ' + number(tree.rows.length) + ' are shown' : ''));
  });
});
