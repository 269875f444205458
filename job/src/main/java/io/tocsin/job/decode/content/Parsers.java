package io.tocsin.job.decode.content;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Makes parsers of UTF-8 JSON whose first byte is no white space. */
@FunctionalInterface
public interface Parsers {
    JsonParser of(byte[] bytes, int start, int end) throws IOException;
}
