/* Small behaviours. Every page works without this file; the words come from the page (#words), so both languages are served. */

const root = document.documentElement;
const words = JSON.parse(document.getElementById('words')?.textContent || '{}');
const say = (key, values = {}) => (words[key] || '').replace(/\{(\w+)\}/g, (_, name) => values[name]);
const csrf = () => JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || '';
const secure = location.protocol === 'https:' ? '; Secure' : '';
const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`; };
const on = (type, selector, act) => document.addEventListener(type, (event) => {
  const found = event.target.closest?.(selector);
  if (found) act(found, event);
});

/* --- Toasts: confirm what the person just did; 8 seconds, paused under the pointer or the focus ------------------- */
export function toast(text, undo) {
  const box = document.querySelector('.toasts');
  const item = document.createElement('div');
  item.className = 'toast';
  const line = document.createElement('span');
  line.textContent = text;
  item.append(line);
  if (undo) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = say('undo');
    button.addEventListener('click', () => { undo(); item.remove(); });
    item.append(button);
  }
  let timer;
  const start = () => { timer = setTimeout(() => item.remove(), 8000); };
  const stop = () => clearTimeout(timer);
  item.addEventListener('pointerenter', stop);
  item.addEventListener('focusin', stop);
  item.addEventListener('pointerleave', start);
  item.addEventListener('focusout', start);
  box.append(item);
  start();
}

/* --- Theme: the cookie is what the server draws the next page by ---------------------------------------------------- */
on('submit', '[data-theme-form]', (form, event) => {
  event.preventDefault();
  const theme = event.submitter?.value || 'light';
  root.dataset.theme = theme;
  cookie('theme', theme);
  const other = form.querySelector(theme === 'dark' ? '.to-light' : '.to-dark');
  other?.focus();
});

/* --- The reader's time zone, for the second clock of people who are not signed in ----------------------------------- */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`timezone=${encodeURIComponent(zone)}`)) {
  cookie('timezone', zone);
  for (const field of document.querySelectorAll('select[data-time-zone]')) {
    if ([...field.options].some((option) => option.value === zone)) field.value = zone;
  }
}

/* --- What is looked at again every minute, while somebody looks (hx-trigger="minute from:body") ---------------------- */
setInterval(() => {
  if (document.visibilityState === 'visible') document.body.dispatchEvent(new CustomEvent('minute'));
}, 60_000);

/* --- Dialogs, print, toasts by attribute ----------------------------------------------------------------------------- */
let opener;
on('click', '[data-open]', (button) => { opener = button; document.getElementById(button.dataset.open)?.showModal(); });
on('click', '[data-close]', (button, event) => { event.preventDefault(); button.closest('dialog')?.close(); });
on('click', '[data-print]', () => print());
on('click', '[data-toast]', (button) => toast(button.dataset.toast));
document.addEventListener('click', (event) => { if (event.target.matches('dialog')) event.target.close(); });
document.addEventListener('close', (event) => { if (event.target.matches('dialog')) opener?.focus(); }, true);
if (!('popover' in HTMLElement.prototype)) {
  on('click', '[popovertarget]', (button) => document.getElementById(button.getAttribute('popovertarget')).classList.toggle('is-open'));
}

/* --- Forms: pressed once is enough ------------------------------------------------------------------------------------ */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.matches('[data-theme-form], [hx-post], [data-again]')) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = '1';
  const button = event.submitter || form.querySelector('button[type="submit"], button:not([type])');
  setTimeout(() => button?.setAttribute('aria-busy', 'true'));
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => {
  delete form.dataset.sent;
  form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
}));
on('change', 'form[data-auto]', (form) => { if (!form.matches('[hx-get], [hx-post]')) form.requestSubmit(); });

/* --- Characters left: the only thing that is checked while typing ----------------------------------------------------- */
function count(area) {
  const line = document.getElementById(`${area.id}-count`);
  if (!line) return;
  const left = area.dataset.max - area.value.length;
  line.textContent = left >= 0 ? say('left', { n: left }) : say('over', { n: -left });
  line.classList.toggle('is-over', left < 0);
}
on('input', '[data-max]', count);

/* --- Drafts: one visible state, never silent, never lost --------------------------------------------------------------- */
const waits = [2000, 8000, 30000];
function autosave(form) {
  const line = form.querySelector('[data-save-state]') || document.querySelector('[data-save-state]');
  const url = form.dataset.autosave;
  const key = `draft:${url}`;
  let timer, tries = 0, running = false, again = false;
  const tell = (text, off) => {
    if (!line) return;
    line.querySelector('span').textContent = text;
    line.classList.toggle('is-off', Boolean(off));
  };
  const answers = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name === 'csrfmiddlewaretoken') data.delete(name);
    return data;
  };
  const keep = () => { try { localStorage.setItem(key, JSON.stringify([...answers()])); } catch { /* private mode: the page itself still holds it */ } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* private mode */ } };
  async function save() {
    clearTimeout(timer);
    if (running) { again = true; return; }
    running = true;
    tell(say('saving'));
    try {
      const response = await fetch(url, { method: 'POST', body: answers(), headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1' }, redirect: 'manual' });
      if (response.status === 401 || response.type === 'opaqueredirect') { keep(); tell(say('signIn'), true); return; }
      if (response.status === 409) { keep(); tell(await sentence(response) || say('conflict'), true); return; }
      if (!response.ok) throw new Error(String(response.status));
      tries = 0;
      forget();
      tell(say('saved', { time: new Date().toLocaleTimeString(root.lang, { hour: '2-digit', minute: '2-digit', hour12: false }) }));
    } catch {
      keep();
      tell(navigator.onLine ? say('failed') : say('offline'), true);
      timer = setTimeout(save, waits[Math.min(tries++, waits.length - 1)]);
    } finally {
      running = false;
      if (again) { again = false; save(); }
    }
  }
  const sentence = async (response) => (response.headers.get('Content-Type')?.startsWith('text/plain') ? (await response.text()).slice(0, 300) : '');
  let claimed = !form.dataset.claim;
  async function claim() { // the first word typed, or the first field entered, tells the others who edits
    if (claimed) return;
    claimed = true;
    try {
      const response = await fetch(form.dataset.claim, { method: 'POST', headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1' }, redirect: 'manual' });
      if (response.status === 409) { claimed = false; tell(await sentence(response), true); }
    } catch { claimed = false; }
  }
  form.addEventListener('focusin', claim);
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 800); };
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  form.addEventListener('submit', () => { clearTimeout(timer); keep(); }); // forgotten when the park says that it has it
  addEventListener('online', () => { try { if (localStorage.getItem(key)) save(); } catch { /* private mode */ } });
  try {
    const kept = JSON.parse(localStorage.getItem(key) || 'null');
    if (kept) { restore(form, kept); save(); }
  } catch { forget(); }
}
function received() {
  const edit = document.cookie.match(/(?:^|; )saved=([\w-]+)/)?.[1];
  if (!edit) return;
  document.cookie = `saved=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith('draft:'))) {
      if (localStorage.getItem(key).includes(JSON.stringify(['edit', edit]))) localStorage.removeItem(key);
    }
  } catch { /* private mode */ }
}
function restore(form, kept) {
  for (const control of form.elements) {
    if (!control.name || control.type === 'file') continue;
    if (control.type === 'hidden' && !['version', 'edit'].includes(control.name)) continue; // these say what was read then
    const values = kept.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}

/* --- Scores: the weighted total, once every criterion has one ------------------------------------------------------------- */
on('change', 'form[data-weighted]', (form) => {
  const parts = [...form.querySelectorAll('[data-weight]')].map((part) => {
    const chosen = part.querySelector('input[type="radio"]:checked');
    return chosen ? (chosen.value * part.dataset.weight) / form.dataset.weighted : NaN;
  });
  const total = parts.reduce((sum, part) => sum + part, 0);
  form.querySelector('[data-total]').textContent = Number.isNaN(total) ? '–' : total.toFixed(1);
});

/* --- Uploads: drop onto the box; progress where htmx sends the form ------------------------------------------------------ */
['dragover', 'dragleave', 'drop'].forEach((type) => on(type, '[data-upload]', (box, event) => {
  event.preventDefault();
  box.classList.toggle('is-over', type === 'dragover');
  if (type !== 'drop' || !event.dataTransfer.files.length) return;
  const input = box.querySelector('input[type="file"]');
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}));
document.addEventListener('htmx:xhr:progress', (event) => {
  const bar = event.target.querySelector?.('progress');
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});

/* --- htmx: busy targets, words for failures, focus after a swap ---------------------------------------------------------- */
const slow = new WeakMap();
document.addEventListener('htmx:beforeRequest', ({ detail }) => {
  detail.target?.setAttribute('aria-busy', 'true');
  slow.set(detail.xhr, setTimeout(() => toast(say('slow')), 8000));
});
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  detail.target?.removeAttribute('aria-busy');
  clearTimeout(slow.get(detail.xhr));
});
document.addEventListener('htmx:responseError', ({ detail }) => {
  const status = detail.xhr.status;
  toast(say(status === 401 || status === 403 ? 'signIn' : status === 409 ? 'conflict' : 'failedLoad'));
});
document.addEventListener('htmx:sendError', () => toast(say('offline')));
document.addEventListener('htmx:afterSettle', ({ target }) => {
  target.querySelector?.('[data-focus], .error-summary')?.focus();
  prepare(target);
});
document.addEventListener('toast', ({ detail }) => { if (detail?.text) toast(detail.text); });

/* --- On arrival ------------------------------------------------------------------------------------------------------------ */
function prepare(part) {
  part.querySelectorAll('[data-max]').forEach(count);
  part.querySelectorAll('form[data-autosave]:not([data-watched])').forEach((form) => { form.dataset.watched = '1'; autosave(form); });
}
received();
prepare(document);
document.querySelector('.error-summary')?.focus();
document.querySelectorAll('.work-nav [aria-current]').forEach((link) => {
  const row = link.parentElement;
  row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
});
