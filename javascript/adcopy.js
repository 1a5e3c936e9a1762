"use strict";

/**
 * What the tab needs that gradio cannot do: the webui's progress bar, hotkeys, tooltips, chips, the browser's language,
 * and keeping what was typed over a reload. Nothing leaves the browser.
 */
class AdCopyTab {
    static LOOK_EVERY_MS = 250;
    static TITLE = "Ad Copy";
    // A page that was not seen for so long is not open in another tab.
    static OPEN_MS = 15000;
    static PAGES_KEPT = 8;
    static ASK_SERVER_MS = 3000;

    constructor() {
        this.first = null;
        this.kept = "";
        this.resumed = false;
        this.answered = 0;
        this.lost = false;
        this.asked = 0;
        this.instance = AdCopyTab.digits(8);
        this.before = null;
        this.pressed = false;
        this.page_ = "";
        this.task = null;
        this.sight = false;
        this.where = null;
        this.dueTimer = null;
        this.language = null;
        this.wanted = undefined;
        this.looks = 0;
        this.presses = 0;
        setInterval(() => this.look(), AdCopyTab.LOOK_EVERY_MS);
        window.addEventListener("pagehide", () => this.leave());
        document.addEventListener("keydown", (event) => this.onKey(event), true);
        document.addEventListener("click", (event) => this.onPress(event));
    }

    /** @returns {Document|ShadowRoot} where gradio draws the page. */
    page() {
        return typeof gradioApp === "function" ? gradioApp() : document;
    }

    box(name) {
        const part = this.find(name);
        return part && part.querySelector("textarea, input");
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
        this.askServer();
        this.watchProgress();
        this.watchModels();
        this.bringIntoView();
        this.nameThumbnails();
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

    /** Names the gallery's pictures and buttons, which gradio leaves without words. */
    nameThumbnails() {
        for (const picture of this.page().querySelectorAll("#adcopy_result img:not([alt])")) {
            picture.alt = this.box("copy").value.split("\n")[0] || this.box("brief").value;
        }
        for (const button of this.page().querySelectorAll("#adcopy_result button.thumbnail-item:not([aria-label])")) {
            const among = Array.from(button.parentElement.children);
            button.setAttribute("aria-label", `${among.indexOf(button) + 1} / ${among.length}`);
        }
    }

    /** Scrolls to what a press made where it is out of sight: to the result after a picture, else to the copy. */
    bringIntoView() {
        const gallery = this.find("gallery");
        const pictures = gallery ? gallery.querySelectorAll("img").length : 0;
        const busy = this.page().querySelector("#adcopy_status .adcopy-busy");
        const cards = this.find("candidates").textContent;
        if (busy && !this.before) {
            this.before = {pictures, cards, source: gallery?.querySelector("img")?.src};
        } else if (!busy && this.before) {
            const drawn = pictures && gallery.querySelector("img").src !== this.before.source;
            const made = drawn ? this.find("status") : cards && cards !== this.before.cards ? this.find("candidates") : null;
            this.before = null;
            const top = made ? made.getBoundingClientRect().top : 0;
            if (made && (top < 0 || top > window.innerHeight - 160)) {
                made.scrollIntoView({behavior: "smooth", block: "start"});
            }
        }
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
        this.pressed = this.pressed || Boolean(event.target.closest && event.target.closest("#adcopy_root button"));
        const way = event.target.closest && event.target.closest("#adcopy_root [data-go]");
        if (way) {
            this.go(way.dataset.go);
            return;
        }
        const button = event.target.closest && event.target.closest("#adcopy_root [data-press]");
        const box = button && this.box(button.dataset.press);
        if (box) {
            this.presses += 1;
            this.type(box, `${button.dataset.value}\n${Date.now()}.${this.presses}`);
            if (button.dataset.focus) {
                setTimeout(() => this.box(button.dataset.focus)?.focus(), 400);
            }
        }
    }

    /** Where a hint's button leads: to the photo's box, to the models, or to another button. */
    go(where) {
        if (where === "photo") {
            this.find("photo").querySelector("input[type=file]")?.click();
        } else if (where === "models") {
            const tabs = this.page().querySelectorAll("#adcopy_tabs > .tab-nav button, #adcopy_tabs > .tab-wrapper button");
            tabs[1]?.click();
            const head = this.find("models").querySelector(".label-wrap");
            if (head && !head.classList.contains("open")) {
                head.click();
            }
            setTimeout(() => this.find("models").scrollIntoView({behavior: "smooth", block: "start"}), 200);
        } else {
            this.find(where)?.click();
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
            if (names[number] && button.textContent.trim() !== names[number]) {
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
        if (this.looks % 20 === 4 || shown !== this.language) {
            this.relabelOutside(JSON.parse(words.dataset.outside));
        }
        // gradio draws them anew, in their first words, when one is chosen.
        this.relabelTabs(words);
        if (shown !== this.language) {
            this.tooltips(words);
            if (this.language !== null && this.wanted === null) {
                localStorage.setItem("adcopy.language", shown);
            }
            this.language = shown;
        }
    }

    /** Our words on the host's own pages, its Settings and PNG Info, which it builds in one language. */
    relabelOutside(words) {
        for (const [id, text] of Object.entries(words)) {
            const part = this.page().querySelector(`#${id}`);
            const label = part && (part.tagName === "BUTTON" ? part
                : part.querySelector("[data-testid=block-info], label > span"));
            if (label && label.textContent.trim() !== text) {
                label.textContent = text;
            }
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

    static digits(bytes) {
        const found = crypto.getRandomValues(new Uint8Array(bytes));
        return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
    }

    /** The key of this page, the same after a reload. A new tab goes on with the page used last, where no other tab has
     *  it open; so two tabs never write over each other. */
    pageKey() {
        if (!this.page_) {
            const isOpen = (key) => {
                const [at, who] = (localStorage.getItem(`adcopy.open.${key}`) || "0 ").split(" ");
                return who !== this.instance && Date.now() - Number(at) < AdCopyTab.OPEN_MS;
            };
            const known = this.pages();
            const own = sessionStorage.getItem("adcopy.page");
            this.page_ = [own, known[0]].find((key) => key && !isOpen(key)) || AdCopyTab.digits(24);
            sessionStorage.setItem("adcopy.page", this.page_);
            for (const old of known.filter((key) => key !== this.page_).slice(AdCopyTab.PAGES_KEPT - 1)) {
                localStorage.removeItem(`adcopy.kept.${old}`);
                localStorage.removeItem(`adcopy.open.${old}`);
            }
        }
        return this.page_;
    }

    pages() {
        return JSON.parse(localStorage.getItem("adcopy.pages") || "[]");
    }

    leave() {
        this.look();
        if (this.page_) {
            localStorage.removeItem(`adcopy.open.${this.page_}`);
        }
    }

    /** What stands in the boxes that are kept, by name. */
    values() {
        const found = {};
        for (const name of Object.keys(this.keptNames())) {
            const part = this.find(name);
            const radio = part && part.querySelector("input[type=radio]");
            const box = radio ? part.querySelector("input[type=radio]:checked")
                : part && part.querySelector("textarea, input[type=number], input");
            if (box) {
                found[name] = box.type === "checkbox" ? box.checked : box.type === "number" ? Number(box.value) : box.value;
            }
        }
        return found;
    }

    /** The boxes that are kept: 1 for texts, which begin empty, 0 for choices and numbers. */
    keptNames() {
        return JSON.parse(this.find("words").dataset.kept);
    }

    /** What a fresh page shows; somebody may have typed already. */
    fresh() {
        const names = this.keptNames();
        return Object.fromEntries(Object.entries(this.values()).map(([name, value]) => [name, names[name] ? "" : value]));
    }

    /** Remembers what differs from a fresh page, and asks the server for all that belongs to it after a reload. */
    keep() {
        const key = this.pageKey();
        const box = this.box("page");
        if (!this.find("words") || !box) {
            return;
        }
        if (box.value !== key) {
            this.type(box, key);
        }
        if (this.looks % 20 === 1) {
            localStorage.setItem(`adcopy.open.${key}`, `${Date.now()} ${this.instance}`);
        }
        if (this.wanted !== null) {
            // In the right language first: the words of the choices are kept.
            return;
        }
        this.first = this.first || this.fresh();
        if (!this.resumed) {
            this.resume(key);
            return;
        }
        const values = this.values();
        const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== this.first[name]));
        const text = JSON.stringify(changed);
        if (text !== this.kept) {
            this.kept = text;
            localStorage.setItem(`adcopy.kept.${key}`, text);
            localStorage.setItem("adcopy.pages", JSON.stringify([key, ...this.pages().filter((one) => one !== key)]));
        }
    }

    /** Asks until it is answered: gradio drops what happens before its page has settled. */
    resume(key) {
        const box = this.box("resume");
        if (this.answered && box.value === "ok") {
            this.resumed = true;
        } else if (!this.answered || this.looks - this.answered > 20) {
            this.answered = this.looks;
            const values = JSON.parse(localStorage.getItem(`adcopy.kept.${key}`) || "{}");
            // What was typed meanwhile stays.
            const now = this.values();
            const wanted = Object.entries(values).filter(([name]) => now[name] === this.first[name]);
            this.type(box, JSON.stringify({page: key, values: Object.fromEntries(wanted), asked: this.looks}));
        }
    }

    /** Whether the server is still there: asked while something runs or was lost, and after a press. */
    async askServer() {
        const busy = this.page().querySelector("#adcopy_status .adcopy-busy");
        if ((!busy && !this.lost && !this.pressed) || Date.now() - this.asked < AdCopyTab.ASK_SERVER_MS) {
            return;
        }
        this.asked = Date.now();
        this.pressed = false;
        let there = true;
        try {
            const address = new URL("robots.txt", location.href.split(/[?#]/)[0]);
            await fetch(address, {cache: "no-store", signal: AbortSignal.timeout(AdCopyTab.ASK_SERVER_MS)});
        } catch (error) {
            // A server that is at its limit answers late; one that is gone refuses.
            there = error.name === "TimeoutError";
        }
        if (!there && !this.lost) {
            this.sayLost();
        } else if (there && this.lost) {
            this.resumed = false;
            this.answered = 0;
        }
        this.lost = !there;
    }

    sayLost() {
        const line = this.page().querySelector("#adcopy_status .adcopy-status");
        if (line) {
            line.className = "adcopy-status adcopy-error";
            line.setAttribute("role", "alert");
            line.textContent = this.find("words").dataset.lost;
        }
    }

    /** A secret that tells this browser from others, to whom its styles and trainings do not belong. */
    owner() {
        let secret = localStorage.getItem("adcopy.owner");
        if (!secret) {
            secret = AdCopyTab.digits(32);
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
