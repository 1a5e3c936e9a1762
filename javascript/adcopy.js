"use strict";

/**
 * What the tab needs that gradio cannot do: the webui's progress bar, hotkeys, tooltips, chips, the browser's language,
 * and keeping what was typed over a reload. Nothing leaves the browser.
 */
class AdCopyTab {
    static KEPT = ["brief", "copy", "prompt", "negative_prompt"];
    static LOOK_EVERY_MS = 250;
    static TITLE = "Ad Copy";

    constructor() {
        this.kept = {};
        this.task = null;
        this.sight = false;
        this.where = null;
        this.dueTimer = null;
        this.language = null;
        this.wanted = undefined;
        this.looks = 0;
        this.presses = 0;
        this.shown = 0;
        setInterval(() => this.look(), AdCopyTab.LOOK_EVERY_MS);
        window.addEventListener("pagehide", () => this.look());
        document.addEventListener("keydown", (event) => this.onKey(event), true);
        document.addEventListener("click", (event) => this.onPress(event));
    }

    /** @returns {Document|ShadowRoot} where gradio draws the page. */
    page() {
        return typeof gradioApp === "function" ? gradioApp() : document;
    }

    find(name) {
        return this.page().querySelector(`#adcopy_${name}`);
    }

    look() {
        if (!this.find("root")) {
            return;
        }
        this.looks += 1;
        this.keep();
        this.watchProgress();
        this.watchModels();
        this.bringIntoView();
        this.followLanguage();
    }

    /** Shows the webui's own progress bar and live preview for the task the status line names. */
    watchProgress() {
        const line = this.page().querySelector("#adcopy_status [data-task]");
        const gallery = this.find("gallery");
        if (!line || line.dataset.task === this.task || typeof requestProgress !== "function" || !gallery) {
            return;
        }
        this.task = line.dataset.task;
        requestProgress(this.task, this.find("gallery_container") || gallery.parentNode, gallery, () => {}, null, 40);
    }

    /** Asks where the models are when the tab comes into sight, and when the idle time that the line names is over: the
     *  server calls no page. */
    watchModels() {
        const line = this.page().querySelector("#adcopy_where span");
        const sight = this.find("root").getClientRects().length > 0;
        // Again after five seconds: gradio drops what happens before its page has settled.
        if (sight && (!this.sight || (!line && this.looks % 20 === 4))) {
            this.askWhere();
        }
        this.sight = sight;
        if (line !== this.where) {
            this.where = line;
            clearTimeout(this.dueTimer);
            if (line && line.dataset.due) {
                this.dueTimer = setTimeout(() => this.askWhere(), 1000 * line.dataset.due);
            }
        }
    }

    askWhere() {
        this.type(this.find("where_asked").querySelector("textarea, input"), `${Date.now()}`);
    }

    /** Scrolls to the results when the first picture comes and they are below the screen. */
    bringIntoView() {
        const gallery = this.find("gallery");
        const pictures = gallery ? gallery.querySelectorAll("img").length : 0;
        const below = gallery && gallery.getBoundingClientRect().top > window.innerHeight - 160;
        if (pictures && !this.shown && below) {
            this.find("status").scrollIntoView({behavior: "smooth", block: "start"});
        }
        this.shown = pictures;
    }

    /** The picture of the PNG Info tab, as it was dropped there, given to our own box for such; then our tab is shown. */
    async takeFromPngInfo() {
        const picture = this.page().querySelector("#pnginfo_image img");
        const box = this.find("restore").querySelector("input[type=file]");
        if (!picture || !box) {
            return;
        }
        const bytes = await (await fetch(picture.src)).blob();
        const carried = new DataTransfer();
        carried.items.add(new File([bytes], "picture.png", {type: "image/png"}));
        box.files = carried.files;
        box.dispatchEvent(new Event("change", {bubbles: true}));
        const tabs = Array.from(this.page().querySelectorAll("#tabs > .tab-nav button"));
        tabs.find((tab) => tab.textContent.trim() === AdCopyTab.TITLE)?.click();
    }

    /** A button of a chip, which is plain HTML: its value goes into the hidden box it names. */
    onPress(event) {
        if (event.target.closest && event.target.closest("#adcopy_send_here")) {
            this.takeFromPngInfo();
            return;
        }
        const copying = event.target.closest && event.target.closest("#adcopy_root [data-copy]");
        if (copying) {
            this.copy(copying);
            return;
        }
        const button = event.target.closest && event.target.closest("#adcopy_root [data-press]");
        const box = button && this.find(button.dataset.press).querySelector("textarea, input");
        if (box) {
            this.presses += 1;
            this.type(box, `${button.dataset.value}\n${this.presses}`);
        }
    }

    /** Puts a part of the copy on the clipboard; where the page may not, by a selection of its own. */
    async copy(button) {
        const text = button.dataset.copy;
        try {
            await navigator.clipboard.writeText(text);
        } catch {
            const box = document.createElement("textarea");
            box.value = text;
            document.body.append(box);
            box.select();
            document.execCommand("copy");
            box.remove();
        }
        const word = button.textContent;
        button.textContent = button.dataset.done;
        setTimeout(() => {
            button.textContent = word;
        }, 1200);
    }

    /** The sub-tabs' words: gradio changes a tab's label by no event. */
    relabelTabs(words) {
        const names = JSON.parse(words.dataset.tabs);
        const buttons = this.page().querySelectorAll("#adcopy_tabs > .tab-nav button, #adcopy_tabs > .tab-wrapper button");
        buttons.forEach((button, number) => {
            if (names[number]) {
                button.textContent = names[number];
            }
        });
    }

    /** Tooltips in the tab's language; at first the language chosen last, or the browser's where the webui has none. */
    followLanguage() {
        const words = this.find("words");
        if (!words) {
            return;
        }
        const shown = words.dataset.language;
        if (this.wanted === undefined) {
            const follows = this.find("root").classList.contains("adcopy-follows-browser");
            const browser = (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
            this.wanted = localStorage.getItem("adcopy.language") || (follows ? browser : shown);
        }
        if (this.wanted === shown) {
            this.wanted = null;
        } else if (this.wanted && this.looks % 20 === 4) {
            // Again after five seconds: gradio drops what happens before its page has settled.
            this.type(this.find("browser_language").querySelector("textarea, input"), this.wanted);
        }
        if (shown !== this.language) {
            this.tooltips(words);
            this.relabelTabs(words);
            if (this.language !== null && this.wanted === null) {
                localStorage.setItem("adcopy.language", shown);
            }
            this.language = shown;
        }
    }

    tooltips(words) {
        for (const [name, tip] of Object.entries(JSON.parse(words.dataset.tips))) {
            const part = this.find(name);
            if (part) {
                part.title = tip;
            }
        }
    }

    /** Remembers the texts, and gives them back to an empty page. */
    keep() {
        for (const name of AdCopyTab.KEPT) {
            const box = this.page().querySelector(`#adcopy_${name} textarea`);
            if (!box) {
                continue;
            }
            const key = `adcopy.${name}`;
            if (!(name in this.kept)) {
                this.kept[name] = localStorage.getItem(key) || "";
                if (!box.value && this.kept[name]) {
                    this.type(box, this.kept[name]);
                }
            } else if (box.value !== this.kept[name]) {
                this.kept[name] = box.value;
                localStorage.setItem(key, box.value);
            }
        }
    }

    /** A secret that tells this browser from others, to whom its styles and trainings do not belong. */
    owner() {
        let secret = localStorage.getItem("adcopy.owner");
        if (!secret) {
            const bytes = crypto.getRandomValues(new Uint8Array(32));
            secret = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
            localStorage.setItem("adcopy.owner", secret);
        }
        return secret;
    }

    /** @returns {Array} an event's first `count` values, with the owner's secret in its place. */
    signed(values, at, count) {
        return values.slice(0, count).map((value, index) => (index === at ? this.owner() : value));
    }

    type(box, text) {
        box.value = text;
        box.dispatchEvent(new Event("input", {bubbles: true}));
    }

    /** Ctrl+Enter draws, Alt+Enter skips and Esc interrupts what runs, while the keyboard is in the tab. */
    onKey(event) {
        if (!event.target.closest || !event.target.closest("#adcopy_root")) {
            return;
        }
        const enter = event.key === "Enter";
        // What another page draws goes on.
        const busy = this.find("status").querySelector(".adcopy-busy");
        const button = enter && (event.ctrlKey || event.metaKey) ? "generate"
            : busy && enter && event.altKey ? "skip"
                : busy && event.key === "Escape" ? "interrupt" : null;
        const pressed = button && this.find(button);
        if (pressed) {
            event.preventDefault();
            event.stopPropagation();
            pressed.click();
        }
    }
}

window.adcopyTab = window.adcopyTab || new AdCopyTab();
