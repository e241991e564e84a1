// Everything works without this file; it only saves a click or a key.
"use strict";
document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
for (const field of document.querySelectorAll("[data-send-on-change]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
for (const form of document.querySelectorAll("form[data-keys]")) {
  const toggle = Object.assign(document.createElement("input"), { type: "checkbox", checked: localStorage.keys !== "off" });
  const label = Object.assign(document.createElement("label"), { className: "keys" });
  label.append(toggle, "Answer by keys");
  form.querySelector(".more").append(label);
  const show = () => form.classList.toggle("by-key", toggle.checked);
  toggle.addEventListener("change", () => { localStorage.keys = toggle.checked ? "on" : "off"; show(); });
  show();
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const found = [...form.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(event.key.toLowerCase()));
    if (found) { event.preventDefault(); found.click(); }
  });
}
