/** Where the libraries are that this folder loads when they are first needed. Each may be missing. */
let base = '/vendor/';

/** @param {string} url with a slash at its end; for tests */
export function setVendorBase(url) { base = url; }

/** @type {Map<string, Promise<any>>} */
const loading = new Map();

/**
 * @param {string} path below the vendor folder
 * @returns {Promise<any>} the module, or null when it cannot be had
 */
export function loadVendor(path) {
    const url = base + path;
    let promise = loading.get(url);
    if (!promise) {
        promise = import(url).catch(() => null);
        loading.set(url, promise);
    }
    return promise;
}

/** @param {() => void} work to be done when nothing else is to do */
export function whenIdle(work) {
    if (typeof requestIdleCallback === 'function') {
        requestIdleCallback(work, { timeout: 500 });
    } else {
        setTimeout(work, 0);
    }
}
