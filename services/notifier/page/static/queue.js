// The queue in the browser: focus, keys, decisions, live changes. Markup comes from the server, escaped there;
// nothing here builds markup of its own, and what people read goes in as text.

const main = document.querySelector("main");
const list = document.querySelector("#flags");
const detail = document.querySelector("#detail");
const live = document.querySelector("#live");
const connection = document.querySelector("#connection");
const OFFLINE = "No connection. Decisions are not taken until it is back.";
const DONE = { confirm: "Confirmed", dismiss: "Dismissed", duplicate: "Marked as duplicate", snooze: "Snoozed" };
const STATUS = { confirmed: "confirmed", dismissed: "dismissed", duplicate: "marked as duplicate", snoozed: "snoozed",
  resolved: "closed" };

const current = () => list.querySelector('[aria-current="true"]');
const rowOf = (id) => list.querySelector(`[data-flag-id="${CSS.escape(id)}"]`);
const isDecided = (row) => row.getAttribute("aria-disabled") === "true";
const say = (words) => { live.textContent = words; };

// What this person decided, newest last; U takes it back from the end. Kept while the tab lives.
const decided = JSON.parse(sessionStorage.getItem("decided") ?? "[]");
const remember = () => sessionStorage.setItem("decided", JSON.stringify(decided));
const ownVersions = new Set();

// ---- talking to the server

async function call(path, { method = "GET", body, version } = {}) {
  const headers = { "X-CSRF-Token": main.dataset.csrf };
  if (body) headers["Content-Type"] = "application/json";
  if (version) headers["If-Match"] = version;
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (answer.status === 401) location.assign("/login");
  return answer;
}

async function change(id, path, options) {
  let answer;
  try {
    answer = await call(`/v1/flags/${id}/${path}`, { method: "POST", ...options });
  } catch {
    say("");
    connection.textContent = OFFLINE;
    return null;
  }
  if (!answer.ok) {
    const problem = await answer.json();
    await refresh(id);
    say(`${problem.title}. ${problem.detail}`);
    return null;
  }
  const flag = await answer.json();
  ownVersions.add(`${id} ${flag.version}`);
  return flag;
}

async function piece(id, kind) {
  const answer = await call(`/page/flags/${id}/${kind}`);
  return answer.ok ? answer.text() : null;
}

// ---- the list

async function focusOn(row) {
  const before = current();
  if (before && before !== row) {
    before.removeAttribute("aria-current");
    if (isDecided(before)) before.remove();
  }
  count();
  if (!row) return detail.replaceChildren();
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  const words = await piece(row.dataset.flagId, "detail").catch(() => null);
  if (words !== null && row === current()) detail.innerHTML = words;
}

function move(step) {
  const row = current();
  const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (next) focusOn(next);
}

function takeOut(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const wasCurrent = row === current();
  row.remove();
  count();
  if (wasCurrent) focusOn(next);
  if (!list.children.length && main.dataset.hasMore === "true") location.reload();
}

function count() {
  const open = [...list.children].filter((row) => !isDecided(row)).length;
  document.querySelector("#count").textContent = open;
  document.querySelector("#empty").hidden = list.children.length > 0;
}

// Bring one flag up to date: put in, replaced, or gone; the focus stays where it is.
async function refresh(id) {
  const words = await piece(id, "row").catch(() => null);
  const before = rowOf(id);
  if (words === null) return before && takeOut(before);
  const box = document.createElement("template");
  box.innerHTML = words.trim();
  const row = box.content.firstElementChild;
  if (before && Number(before.dataset.version) > Number(row.dataset.version)) return before;
  return row.dataset.status === "open" ? putIn(row, before) : leave(row, before);
}

function putIn(row, before) {
  const wasCurrent = before !== null && before === current();
  before?.remove();
  const after = [...list.children].find((other) => other.dataset.rank > row.dataset.rank);
  list.insertBefore(row, after ?? null);
  if (wasCurrent || !current()) focusOn(row);
  count();
  return row;
}

function leave(row, before) {
  if (!before) return null;
  const isMine = ownVersions.has(`${row.dataset.flagId} ${row.dataset.version}`);
  if (!isMine) say(`${row.dataset.by || "Somebody"} ${STATUS[row.dataset.status]}: ${row.dataset.title}`);
  if (before !== current() || isMine) {
    takeOut(before);
    return null;
  }
  before.setAttribute("aria-disabled", "true");
  before.dataset.version = row.dataset.version;
  count();
  return before;
}

// ---- what people do

async function decide(decision, extra = {}) {
  const row = current();
  if (!row) return;
  const { flagId, version, title } = row.dataset;
  const flag = await change(flagId, "decision", { body: { decision, ...extra }, version });
  if (!flag) return;
  decided.push(flagId);
  remember();
  say(`${DONE[decision]}: ${title}. U takes it back.`);
  const listed = rowOf(flagId);
  if (listed) takeOut(listed);
}

async function undo() {
  const id = decided.at(-1);
  if (!id) return say("You have decided nothing yet.");
  const flag = await change(id, "decision/undo");
  if (connection.textContent) return;
  decided.pop();
  remember();
  if (!flag) return;
  const row = await refresh(id);
  if (row) focusOn(row);
  say(`Taken back: ${flag.title}`);
}

async function assign(user) {
  const row = current();
  if (!row) return;
  const flag = await change(row.dataset.flagId, "assign", { body: { user }, version: row.dataset.version });
  if (!flag) return;
  say(`Assigned to ${flag.assignee}: ${flag.title}`);
  await refresh(flag.id);
}

function morningIn(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  day.setHours(8, 0, 0, 0);
  return day.toISOString();
}

const open = (name) => document.querySelector(name).showModal();
const acts = {
  confirm: () => decide("confirm"),
  duplicate: () => decide("duplicate"),
  dismiss: () => decide("dismiss"),
  snooze: () => current() && open("#snooze-menu"),
  assign: () => current() && open("#assign-menu"),
};
const keys = {
  j: () => move(1),
  k: () => move(-1),
  1: acts.confirm,
  2: acts.duplicate,
  3: acts.dismiss,
  h: acts.snooze,
  a: acts.assign,
  u: undo,
  o: () => detail.querySelector("[data-page]")?.click(),
  "?": () => open("#help"),
};

function pick(dialog, button) {
  dialog.close();
  if (button.dataset.days) decide("snooze", { until: morningIn(Number(button.dataset.days)) });
  if (button.dataset.user) assign(button.dataset.user);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && "123u".includes(event.key)) return;
  const dialog = document.querySelector("dialog[open]");
  if (dialog) {
    const button = dialog.querySelectorAll(".menu button")[Number(event.key) - 1];
    if (button) {
      event.preventDefault();
      pick(dialog, button);
    }
    return; // Escape, Enter and Tab are the browser's own
  }
  const act = keys[event.key.toLowerCase()];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const dialog = event.target.closest("dialog");
  const row = event.target.closest("[data-flag-id]");
  if (dialog && button) pick(dialog, button);
  else if (button?.dataset.act) acts[button.dataset.act]();
  else if (button?.id === "help-button") open("#help");
  else if (button?.id === "logout") call("/logout", { method: "POST" }).then(() => location.assign("/login"));
  else if (row) focusOn(row);
});

// ---- live changes

const stream = new EventSource(`/v1/flags/stream?after=${main.dataset.position}`);
let line = Promise.resolve(); // one change after the other, in their order
for (const type of ["flag.opened", "flag.changed", "flag.resolved"]) {
  stream.addEventListener(type, (event) => {
    const { flag_id: id, flag_version: version } = JSON.parse(event.data).data;
    if (!ownVersions.has(`${id} ${version}`)) line = line.then(() => refresh(id));
  });
}
stream.onopen = () => { connection.textContent = ""; };
stream.onerror = () => {
  connection.textContent = OFFLINE;
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
};

focusOn(current());
