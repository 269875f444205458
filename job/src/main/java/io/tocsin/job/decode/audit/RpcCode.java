package io.tocsin.job.decode.audit;

/** The codes of {@code google.rpc.Code} as the HTTP statuses that stand behind them. Several statuses share a code. */
final class RpcCode {
    static final int OK = 0;

    private RpcCode() {}

    /** The HTTP status; 0 for success, whose status the code doesn't tell, and for a code that there is not. */
    static int httpStatus(int code) {
        return switch (code) {
            case 1 -> 499;
            case 3, 11 -> 400;
            case 4 -> 504;
            case 5 -> 404;
            case 6, 9, 10 -> 409;
            case 7 -> 403;
            case 8 -> 429;
            case 12 -> 501;
            case 2, 13, 15 -> 500;
            case 14 -> 503;
            case 16 -> 401;
            default -> 0;
        };
    }
}
