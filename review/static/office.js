// Drag and drop: files onto an upload form, items into their order. All of it also works by buttons.
"use strict";

(() => {
  for (const form of document.querySelectorAll("form.drop")) {
    const field = form.querySelector("input[type=file]");
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("over-it");
    });
    form.addEventListener("dragleave", () => form.classList.remove("over-it"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over-it");
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }

  // An item that was moved keeps the focus, so that ↑ and ↓ move it on.
  const moved = /^#d\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (moved) moved.focus();
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const item = way && document.activeElement.closest("ol.items > li");
    const button = item && item.querySelector(`[data-move="${way}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  const list = document.querySelector("ol.items[data-order]");
  const order = document.getElementById("order");
  if (!list || !order) return;
  let dragged = null;
  for (const item of list.children) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    if (!dragged) return;
    dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.draft);
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    const after = event.clientY > box.top + box.height / 2;
    list.insertBefore(dragged, after ? over.nextSibling : over);
  });
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    dragged = null;
    const drafts = [...list.children].map((item) => item.dataset.draft).join(" ");
    if (drafts === order.elements.drafts.value) return;
    order.elements.drafts.value = drafts;
    order.requestSubmit();
  });
})();
