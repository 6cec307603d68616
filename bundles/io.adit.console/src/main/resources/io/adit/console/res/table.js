/* Tables whose rows stay the same elements while their text changes, so that the focus and a selection stay where they are. */
'use strict';
Adit.table = (columns, options) => {
  const {h, text} = Adit;
  const rows = new Map();
  let sort = options.sort || null;
  let descending = options.descending || false;
  const body = h('tbody', {});
  const heads = columns.map(column => {
    const head = h('th', {scope: 'col', class: column.class || null});
    if (column.sort && options.onsort) {
      head.append(h('button', {type: 'button', class: 'sort', onclick: () => {
        descending = sort === column.sort ? !descending : column.descending || false;
        sort = column.sort;
        mark();
        options.onsort();
      }}, column.title));
    } else {
      head.append(column.title);
    }
    return head;
  });

  function mark() {
    columns.forEach((column, index) => {
      if (column.sort && column.sort === sort) {
        heads[index].setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      } else {
        heads[index].removeAttribute('aria-sort');
      }
    });
  }

  const empty = h('p', {class: 'empty', hidden: true}, options.empty || 'Nothing.');
  const element = h('div', {class: 'table ' + (options.class || '')},
    h('table', {}, options.caption ? h('caption', {}, options.caption) : null, h('thead', {}, h('tr', {}, heads)), body), empty);
  mark();

  function make(data) {
    const row = h('tr', {});
    const entry = {row, data, cells: columns.map(column => h('td', {class: column.class || null, 'data-label': column.title}))};
    row.append(...entry.cells);
    columns.forEach((column, index) => {
      if (column.make) {
        entry.cells[index].append(...[column.make(data, () => entry.data)].flat());
      }
    });
    if (options.onrow) {
      row.tabIndex = 0;
      row.addEventListener('click', event => {
        if (!event.target.closest('a,button')) {
          options.onrow(entry.data, row);
        }
      });
      row.addEventListener('keydown', event => {
        const other = event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null;
        if (other) {
          event.preventDefault();
          other.focus();
          options.onrow(rowOf(other), other);
        } else if (event.key === 'Enter' && event.target === row) {
          options.onrow(entry.data, row);
        }
      });
    }
    return entry;
  }

  function rowOf(element) {
    for (const entry of rows.values()) {
      if (entry.row === element) {
        return entry.data;
      }
    }
    return null;
  }

  function fill(entry) {
    columns.forEach((column, index) => {
      if (column.text) {
        const shown = column.text(entry.data);
        const value = shown === undefined || shown === null ? '' : shown;
        text(entry.cells[index], value);
      } else if (column.update) {
        column.update(entry.cells[index], entry.data);
      }
      if (column.hint) {
        const hint = column.hint(entry.data) || '';
        if (entry.cells[index].title !== hint) {
          entry.cells[index].title = hint;
        }
      }
    });
    const name = options.rowClass ? options.rowClass(entry.data) : '';
    Adit.cls(entry.row, name);
  }

  return {element, sort: () => ({sort: sort || '', dir: descending ? 'desc' : ''}), show(list) {
    const seen = new Set();
    let before = null;
    for (const data of list) {
      const key = options.key(data);
      seen.add(key);
      let entry = rows.get(key);
      if (!entry) {
        entry = make(data);
        rows.set(key, entry);
      }
      entry.data = data;
      fill(entry);
      const next = before ? before.nextElementSibling : body.firstElementChild;
      if (next !== entry.row) {
        body.insertBefore(entry.row, next);
      }
      before = entry.row;
    }
    for (const [key, entry] of rows) {
      if (!seen.has(key)) {
        entry.row.remove();
        rows.delete(key);
      }
    }
    empty.hidden = list.length > 0;
    element.firstElementChild.hidden = list.length === 0;
  }};
};
