/* Adds a button to each block of code that copies it: of a session only the commands. */
"use strict";

(() => {
  const words = document.documentElement.lang.startsWith("ja")
    ? { copy: "コピー", copied: "コピーしました" }
    : { copy: "Copy", copied: "Copied" };

  const codeOf = (block) => {
    const text = block.querySelector("pre").textContent;
    if (!block.parentElement.classList.contains("highlight-console")) return text;
    const commands = text.split("\n").filter((line) => line.startsWith("$ "));
    return commands.map((line) => line.slice(2).replace(/ {2,}# .*$/, "")).join("\n");
  };

  const write = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;  // a page that was opened over plain HTTP has no clipboard
    area.select();
    document.execCommand("copy");
    area.remove();
  };

  const add = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await write(codeOf(block));
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = words.copy), 1500);
    });
    block.append(button);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("div.highlight").forEach(add);
  });
})();
