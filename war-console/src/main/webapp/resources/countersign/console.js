// What the pages do by themselves: light and dark, times that run, the state of the live connection, keys.
// No decision is taken here; every page works, less comfortably, without it. Loaded in the head, before pages connect.
(() => {
  "use strict";

  // The reader's choice of light or dark is in force before the first paint; without one, the system's counts.
  const root = document.documentElement;
  const chosen = localStorage.getItem("countersign.theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  const SECOND = 1000;
  const RETRY = 15 * SECOND;
  const BURST = 150;

  const times = {
    relative: (time) => ago(Date.now() - Date.parse(time.dateTime)),
    absolute: (time) => stamp(new Date(time.dateTime)),
    both: (time) => stamp(new Date(time.dateTime)) + " (" + ago(Date.now() - Date.parse(time.dateTime)) + ")",
    countdown: (time) => remaining(time),
  };

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function stamp(date) {
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate()) + " "
      + two(date.getHours()) + ":" + two(date.getMinutes()) + ":" + two(date.getSeconds());
  }

  function ago(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
    if (seconds < 10) return "just now";
    if (seconds < 60) return seconds + " s ago";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
    if (seconds < 86400) return Math.floor(seconds / 3600) + " h ago";
    return Math.floor(seconds / 86400) + " d ago";
  }

  function remaining(time) {
    const left = Math.floor((Date.parse(time.dateTime) - Date.now()) / SECOND);
    time.classList.toggle("soon", left < 120);
    if (left <= 0) return "expired";
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor((left % 3600) / 60);
    return hours > 0 ? hours + " h " + two(minutes) + " min" : minutes + ":" + two(left % 60);
  }

  function tick() {
    for (const time of document.querySelectorAll("time[data-time]")) {
      if (!time.title) time.title = time.textContent;
      const text = times[time.dataset.time](time);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // The live connection: pushed changes render parts of the page; whatever came while it was away is fetched when it
  // is back, and every now and then as long as it is not.
  let interrupted = false;
  let retry = 0;
  let burst = 0;

  function connection(word, good) {
    const state = document.getElementById("live-state");
    if (state) {
      state.textContent = word;
      state.dataset.live = good ? "yes" : "no";
    }
  }

  window.countersign = Object.assign(window.countersign || {}, {
    live() {
      connection("live", true);
      clearInterval(retry);
      if (interrupted) window.countersign.refresh();
      interrupted = false;
    },
    pushed(message) {
      const page = document.querySelector("[data-request-page]");
      if (page && page.dataset.requestPage !== String(message.request)) return;
      // A burst of changes is shown once.
      clearTimeout(burst);
      burst = setTimeout(() => window.countersign.refresh(), BURST);
    },
    lost(code) {
      if (code === -1 || !window.WebSocket) connection("not live", false);
      else connection("reconnecting", false);
      interrupted = true;
      clearInterval(retry);
      retry = setInterval(() => window.countersign.refresh(), RETRY);
    },
  });

  // Keys. A decision always takes a second key: letters only go to the button.
  const help = () => document.getElementById("keys-help");

  function move(step) {
    const links = [...document.querySelectorAll("[data-row] [data-row-link]")];
    if (links.length === 0) return;
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.focus();
    next.closest("[data-row]").scrollIntoView({ block: "nearest" });
  }

  // A list that is rendered anew takes its focus away: whoever goes through it by keys stays where they were.
  let row;
  document.addEventListener("focusin", (event) => { row = event.target.closest("[data-row]")?.dataset.request; });

  function stay() {
    if (row && document.activeElement === document.body) {
      document.querySelector("[data-row][data-request='" + row + "'] [data-row-link]")?.focus();
    }
  }

  function goTo(key) {
    const element = document.querySelector("[data-key='" + key + "']");
    if (!element) return;
    if (key === "up") element.click();
    else element.focus();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    a: () => goTo("approve"),
    r: () => goTo("reject"),
    c: () => goTo("comment"),
    u: () => goTo("up"),
    "?": () => help() && help().showModal(),
  };

  document.addEventListener("keydown", (event) => {
    // A dialog that was closed a moment ago has the focus until the next frame.
    const typing = event.target.closest("input, textarea, select, dialog[open]");
    if (event.key === "Escape" && event.target.matches("textarea, input")) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#keys")) help().showModal();
    if (event.target.closest("#theme")) toggleTheme();
    const row = event.target.closest("tr[data-row]");
    if (row && !event.target.closest("a, button, summary") && !String(getSelection())) {
      row.querySelector("[data-row-link]").click();
    }
  });

  function toggleTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("countersign.theme", root.dataset.theme);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("form[data-send=at-once]")?.requestSubmit();
    tick();
    setInterval(tick, SECOND);
    new MutationObserver(() => { tick(); stay(); }).observe(document.getElementById("main"), { childList: true, subtree: true });
  });
})();
