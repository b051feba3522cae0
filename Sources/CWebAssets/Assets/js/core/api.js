// The server, as the page asks it.

/** What went wrong, in the server's words. */
export class ApiError extends Error {
    /** @param {number} status @param {{message?: string, code?: string, param?: string}} body @param {string|null} [retryAfter] */
    constructor(status, body, retryAfter = null) {
        super(body.message || (status ? `The server answered ${status}.` : "The server cannot be reached."));
        this.status = status;
        this.code = body.code ?? (status ? "unknown" : "offline");
        this.param = body.param ?? null;
        this.retryAfter = retryAfter ? Number(retryAfter) : null;
    }
}

const KEY = "plenum.key";

/** The key that the server wants; kept for this tab's life, and beyond it only if the person says so. */
export const key = {
    get: () => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY),
    /** @param {string} value @param {boolean} remember */
    set(value, remember) {
        sessionStorage.setItem(KEY, value);
        if (remember) localStorage.setItem(KEY, value);
    },
    forget() {
        sessionStorage.removeItem(KEY);
        localStorage.removeItem(KEY);
    },
};

/** @type {(() => Promise<void>)|null} asks for a key, and ends when there is one */
let askForKey = null;
/** @type {Promise<void>|null} */
let asking = null;

/** Says who asks a person for the key when the server wants one. @param {() => Promise<void>} ask */
export function onKeyNeeded(ask) {
    askForKey = ask;
}

/**
 * Sends a request; a server that wants a key is asked again once there is one.
 * @param {string} method
 * @param {string} path below /v1
 * @param {{body?: any, file?: Blob, signal?: AbortSignal, headers?: Record<string, string>}} [options]
 * @returns {Promise<Response>}
 */
export async function send(method, path, { body, file, signal, headers = {} } = {}) {
    for (;;) {
        const used = key.get();
        let response;
        try {
            response = await fetch(`/v1${path}`, {
                method,
                signal,
                headers: {
                    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
                    ...(used ? { Authorization: `Bearer ${used}` } : {}),
                    ...headers,
                },
                body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
            });
        } catch (error) {
            if (/** @type {any} */ (error).name === "AbortError") throw error;
            throw new ApiError(0, {});
        }
        if (response.status === 401 && askForKey) {
            await response.body?.cancel();
            // All who were refused wait for one question.
            asking ??= askForKey().finally(() => (asking = null));
            await asking;
            continue;
        }
        if (response.ok) return response;
        const text = await response.text();
        let problem = {};
        try {
            problem = JSON.parse(text).error ?? {};
        } catch {
            // A proxy's page, not ours: the status says enough.
        }
        throw new ApiError(response.status, problem, response.headers.get("retry-after"));
    }
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = async (path, signal) => (await send("GET", path, { signal })).json();
/** @param {string} path @param {any} [body] @param {{signal?: AbortSignal, headers?: Record<string, string>}} [options] @returns {Promise<any>} */
export const post = async (path, body = {}, options = {}) => (await send("POST", path, { body, ...options })).json();
/** @param {string} path @returns {Promise<any>} */
export const del = async (path) => (await send("DELETE", path)).json();

/** A key of one's own for a request that must not count twice. */
export const idempotencyKey = () => `page-${crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`}`;
