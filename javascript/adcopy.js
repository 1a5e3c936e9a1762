"use strict";

/**
 * What the tab needs that gradio cannot do: task ids for the webui's progress bar, hotkeys, and keeping what was typed
 * over a reload. Nothing leaves the browser.
 */
class AdCopyTab {
    static KEPT = ["brief", "copy", "prompt", "negative_prompt"];

    constructor() {
        this.kept = {};
        setInterval(() => this.keep(), 1000);
        document.addEventListener("keydown", (event) => this.onKey(event), true);
    }

    /** @returns {Document|ShadowRoot} where gradio draws the page. */
    page() {
        return typeof gradioApp === "function" ? gradioApp() : document;
    }

    find(name) {
        return this.page().querySelector(`#adcopy_${name}`);
    }

    textbox(name) {
        return this.page().querySelector(`#adcopy_${name} textarea`);
    }

    /** Puts a new task id in the first place of a handler's inputs and, in a webui, shows its progress. */
    start(inputs) {
        const task = `task(adcopy-${Math.random().toString(36).slice(2)}${Date.now().toString(36)})`;
        const gallery = this.find("gallery");
        if (typeof requestProgress === "function" && gallery && gallery.parentNode) {
            requestProgress(task, gallery.parentNode, gallery, () => {}, null, 40);
        }
        return [task, ...inputs.slice(1)];
    }

    /** Remembers the texts, and gives them back to an empty page. */
    keep() {
        for (const name of AdCopyTab.KEPT) {
            const box = this.textbox(name);
            if (!box) {
                continue;
            }
            const key = `adcopy.${name}`;
            if (!(name in this.kept)) {
                this.kept[name] = localStorage.getItem(key) || "";
                if (!box.value && this.kept[name]) {
                    box.value = this.kept[name];
                    box.dispatchEvent(new Event("input", {bubbles: true}));
                }
            } else if (box.value !== this.kept[name]) {
                this.kept[name] = box.value;
                localStorage.setItem(key, box.value);
            }
        }
    }

    /** Ctrl+Enter draws, Alt+Enter skips, Esc interrupts, while the keyboard is in the tab. */
    onKey(event) {
        const root = this.page().querySelector("#adcopy_root");
        if (!root || !event.target.closest || !event.target.closest("#adcopy_root")) {
            return;
        }
        const button = event.key === "Enter" && event.ctrlKey ? "generate"
            : event.key === "Enter" && event.altKey ? "skip"
                : event.key === "Escape" ? "interrupt" : null;
        const pressed = button && this.find(button);
        if (pressed) {
            event.preventDefault();
            event.stopPropagation();
            pressed.click();
        }
    }
}

window.adcopyTab = window.adcopyTab || new AdCopyTab();
