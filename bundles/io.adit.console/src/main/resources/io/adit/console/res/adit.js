/* What all pages share: elements, requests to the server, numbers in words, the frame of a page. Everything that comes from the server becomes text. */
'use strict';
const Adit = (() => {
  const root = document.getElementById('adit');
  // an address with a login in it is nothing that can be asked for by a script
  const app = location.origin + root.dataset.app;
  const base = location.origin + root.dataset.root;
  const pages = new Map();
  /** Whether this container is a proxy, or else has peers of its own only. */
  const isProxy = root.dataset.pages.includes('adit-peers:');
  const SVG = 'http://www.w3.org/2000/svg';

  if (!document.querySelector('meta[name=viewport]')) {
    const meta = document.createElement('meta');
    meta.name = 'viewport';
    meta.content = 'width=device-width, initial-scale=1';
    document.head.append(meta);
  }

  // ---- elements

  function set(element, properties) {
    for (const [key, value] of Object.entries(properties || {})) {
      if (key.startsWith('on')) {
        element.addEventListener(key.substring(2), value);
      } else if (value === true) {
        element.setAttribute(key, '');
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(key, value);
      }
    }
  }

  /** Characters that turn the text around them make an address look like another one: they are shown by their number. */
  function plain(value) {
    return String(value).replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, each => '\u27e8U+' + each.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0') + '\u27e9');
  }

  /** h('a', {href, class, onclick}, children): strings and numbers become text nodes. */
  function h(tag, properties, ...children) {
    const element = document.createElement(tag);
    set(element, properties);
    element.append(...children.flat().filter(each => each !== null && each !== undefined && each !== false).map(each => each instanceof Node ? each : plain(each)));
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    set(element, attributes);
    element.append(...children);
    return element;
  }

  /** Only touches what changed, so that a selection, and what a screen reader says, stay. */
  function text(element, value) {
    const now = plain(value);
    if (element.textContent !== now) {
      element.textContent = now;
    }
  }

  function cls(element, name) {
    if (element.className !== name) {
      element.className = name;
    }
  }

  /** An address that may be a link; others are text only. */
  function link(url, shown) {
    return /^https?:\/\//i.test(url) ? h('a', {href: url, rel: 'noreferrer noopener', target: '_blank'}, shown || url) : h('span', {}, shown || url);
  }

  // ---- numbers in words

  const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

  function number(value) {
    return value === undefined || value === null ? '' : value.toLocaleString('en', {maximumFractionDigits: value < 10 && value % 1 ? 2 : value < 100 ? 1 : 0});
  }

  function bytes(value) {
    let size = value || 0;
    let unit = 0;
    while (size >= 1000 && unit < SIZES.length - 1) {
      size /= 1024;
      unit++;
    }
    return (unit === 0 ? Math.round(size) : size >= 100 ? size.toFixed(0) : size >= 10 ? size.toFixed(1) : size.toFixed(2)) + '\u00a0' + SIZES[unit];
  }

  function rate(value) {
    return bytes(value) + '/s';
  }

  function millis(value) {
    if (value === undefined || value === null || value < 0) {
      return '\u2013';
    }
    return value < 1 ? value.toFixed(2) + '\u00a0ms' : value < 10 ? value.toFixed(1) + '\u00a0ms' : value < 10000 ? Math.round(value) + '\u00a0ms' : duration(value);
  }

  function duration(value) {
    const seconds = Math.max(0, Math.round(value / 1000));
    if (seconds < 60) {
      return seconds + '\u00a0s';
    }
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) {
      return minutes + '\u00a0min';
    }
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? hours + '\u00a0h ' + (minutes % 60) + '\u00a0min' : Math.round(hours / 24) + '\u00a0days';
  }

  /** How far the server's clock is ahead of ours, in milliseconds. */
  let skew = 0;

  function ago(at) {
    return at ? duration(Date.now() + skew - at) + ' ago' : '';
  }

  function until(at) {
    const left = at - Date.now() - skew;
    return left > 0 ? 'in ' + duration(left) : ago(at);
  }

  function clock(at) {
    const date = new Date(at);
    return date.toLocaleTimeString('en-GB') + '.' + String(date.getMilliseconds()).padStart(3, '0');
  }

  function moment(at) {
    return at ? new Date(at).toLocaleString('en-GB') : '';
  }

  // ---- the server

  async function read(response) {
    const date = Date.parse(response.headers.get('Date'));
    if (date && Math.abs(date - Date.now() - skew) > 2000) {
      skew = date - Date.now();
    }
    let tree = null;
    if ((response.headers.get('Content-Type') || '').startsWith('application/json')) {
      tree = await response.json();
    }
    if (!response.ok || tree === null) {
      const error = new Error(tree && tree.error ? tree.error : response.status === 401 ? 'the login has ended: load the page again' : 'the server answered ' + response.status);
      error.status = response.status;
      throw error;
    }
    return tree;
  }

  function query(parameters) {
    const filled = Object.entries(parameters || {}).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    return filled.length ? '?' + new URLSearchParams(filled) : '';
  }

  async function get(name, parameters) {
    return read(await fetch(base + '/data/' + name + query(parameters), {headers: {Accept: 'application/json'}, cache: 'no-store'}));
  }

  async function post(action, fields) {
    return read(await fetch(base + '/act/' + action, {
      method: 'POST',
      headers: {'X-Adit-Token': root.dataset.token, 'Content-Type': 'application/x-www-form-urlencoded'},
      body: new URLSearchParams(fields || {})
    }));
  }

  async function upload(file) {
    return read(await fetch(base + '/upload', {
      method: 'POST',
      headers: {'X-Adit-Token': root.dataset.token, 'X-Adit-File': file.name.replace(/[^\x20-\x7e]/g, '?'), 'Content-Type': 'application/java-archive'},
      body: file
    }));
  }

  // ---- the frame of a page

  const status = h('p', {class: 'live', role: 'status'});
  const toasts = h('div', {class: 'toasts', 'aria-live': 'polite'});

  function live(state, words) {
    cls(status, 'live ' + state);
    text(status, words);
  }

  function toast(words, bad) {
    const shown = h('div', {class: bad ? 'toast bad' : 'toast'}, h('span', {}, words),
      h('button', {type: 'button', class: 'plain', 'aria-label': 'Dismiss', onclick: () => shown.remove()}, '\u00d7'));
    toasts.append(shown);
    setTimeout(() => shown.remove(), bad ? 15000 : 6000);
  }

  /**
   * Asks again and again: about once a second, only while somebody looks, slower while the server is away.
   * @param ask gives a promise of a tree
   * @param show is given it
   */
  function poll(ask, show) {
    let timer = null;
    let running = false;
    let failures = 0;
    let again = false;
    async function turn() {
      clearTimeout(timer);
      if (running) {
        again = true;
        return;
      }
      if (document.hidden) {
        live('paused', 'paused');
        return;
      }
      running = true;
      again = false;
      try {
        const tree = await ask();
        if (tree !== null && !again) {
          show(tree);
        }
        failures = 0;
        live('on', 'live');
      } catch (error) {
        failures++;
        live('off', error.status ? error.message : 'no connection to the console; trying again');
        if (!error.status && !(error instanceof TypeError)) {
          throw error;
        }
      } finally {
        running = false;
        timer = setTimeout(turn, again ? 0 : Math.min(10000, 1000 * Math.pow(1.6, failures)));
      }
    }
    document.addEventListener('visibilitychange', turn);
    turn();
    return turn;
  }

  function button(words, action, kind) {
    const made = h('button', {type: 'button', class: kind || null, onclick: async () => {
      made.disabled = true;
      try {
        await action(made);
      } catch (error) {
        toast(error.message, true);
      } finally {
        made.disabled = false;
      }
    }}, words);
    return made;
  }

  /** A box over the page, closed with Escape. */
  function dialog(title, ...content) {
    const box = h('dialog', {class: 'box', 'aria-label': title}, h('div', {class: 'box-head'}, h('h2', {}, title),
      h('button', {type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => box.close()}, '\u00d7')), ...content);
    box.addEventListener('close', () => box.remove());
    root.append(box);
    box.showModal();
    return box;
  }

  /** Asks before what cannot be taken back. */
  function confirm(title, words, verb) {
    return new Promise(resolve => {
      let yes = false;
      const box = dialog(title, h('p', {}, words), h('div', {class: 'buttons'},
        h('button', {type: 'button', onclick: () => box.close()}, 'Cancel'),
        h('button', {type: 'button', class: 'danger', onclick: () => {
          yes = true;
          box.close();
        }}, verb)));
      box.addEventListener('close', () => resolve(yes));
    });
  }

  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      toast('Copied.');
    } catch (error) {
      toast('The browser does not allow it here: mark the text and copy it.', true);
    }
  }

  function badge(state, words) {
    const good = ['online', 'active', 'open', 'connected', 'here', 'linked', 'ok', 'done'];
    const bad = ['stopped', 'failing', 'failed', 'closed', 'expired'];
    return h('span', {class: 'badge ' + (good.includes(state) ? 'good' : bad.includes(state) ? 'bad' : state === 'offline' ? 'off' : 'wait')}, words || state);
  }

  /** The QR code as the server draws it. */
  function qr(code, words) {
    return svg('svg', {class: 'qr', viewBox: '0 0 ' + code.size + ' ' + code.size, role: 'img', 'aria-label': words},
      svg('rect', {width: code.size, height: code.size, fill: '#fff'}), svg('path', {d: code.path, fill: '#000'}));
  }

  function href(page, parameters) {
    return app + '/' + page + query(parameters);
  }

  function start() {
    const tabs = h('nav', {class: 'tabs', 'aria-label': 'Adit'});
    for (const each of root.dataset.pages.split(',')) {
      const [label, title] = each.split(':');
      tabs.append(h('a', {href: href(label), 'aria-current': base === app + '/' + label ? 'page' : null}, title));
    }
    const main = h('div', {class: 'page'});
    root.replaceChildren(h('div', {class: 'bar'}, tabs, status), main, toasts);
    const current = tabs.querySelector('[aria-current]');
    tabs.scrollLeft = current.offsetLeft + current.offsetWidth > tabs.clientWidth ? tabs.scrollWidth : 0;
    pages.get(root.dataset.page)(main, new URLSearchParams(location.search));
  }

  document.addEventListener('DOMContentLoaded', start);

  return {h, svg, text, cls, link, number, bytes, rate, millis, duration, ago, until, clock, moment, get, post, upload, poll, toast, button, dialog, confirm, copy, badge,
    qr, href, isProxy, page: (name, show) => pages.set(name, show), url: (name, parameters) => base + '/data/' + name + query(parameters)};
})();
