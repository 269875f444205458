package io.tocsin.job.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Standard input or a pipe: a thread waits for its bytes and hands on one chunk at a time, so the reader never blocks. */
final class StreamInput implements ByteInput {
    private final byte[] chunk = new byte[1 << 16];
    private final Callable<InputStream> opener;
    private final Thread thread;
    private int position;
    private int limit;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;
    private CompletableFuture<?> available = new CompletableFuture<>();

    StreamInput(String name, Callable<InputStream> opener) {
        this.opener = opener;
        this.thread = new Thread(this::pump, "tocsin-read " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        try {
            InputStream in = ByteInput.uncompressed(opener.call());
            while (awaitTaken()) {
                int count = in.read(chunk, 0, chunk.length);
                if (!hand(count)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            fail(e);
        } catch (Exception e) {
            fail(new IOException(e));
        }
    }

    private synchronized boolean awaitTaken() throws InterruptedException {
        while (position < limit && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized boolean hand(int count) {
        ended = count < 0;
        position = 0;
        limit = Math.max(count, 0);
        available.complete(null);
        return !ended;
    }

    private synchronized void fail(IOException e) {
        failure = e;
        available.complete(null);
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (position < limit) {
            int count = Math.min(length, limit - position);
            System.arraycopy(chunk, position, bytes, offset, count);
            position += count;
            if (position == limit) {
                available = new CompletableFuture<>();
                notifyAll();
            }
            return count;
        }
        if (failure != null) {
            throw failure;
        }
        return ended ? -1 : 0;
    }

    @Override
    public synchronized CompletableFuture<?> available() {
        return available;
    }

    @Override
    public boolean compressed() {
        return false;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
