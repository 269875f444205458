package io.tocsin.event;

/** How a request ended. Decided by the response code; the authorizer's decision counts only where the code is absent. */
public enum Outcome {
    /** 2xx, or 101 on a streaming subresource. */
    SUCCESS,
    /** 403 from the authorizer, a forbidden impersonation included; for an authenticator: access denied. */
    DENIED,
    /** 403 although the authorizer allowed: admission refused. */
    ADMISSION_DENIED,
    /** 401. */
    UNAUTHENTICATED,
    /** 429. */
    THROTTLED,
    /** Any other answer. */
    ERROR,
    /** The record does not tell. */
    UNKNOWN
}
