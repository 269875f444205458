package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a Secret is, never what it holds. */
final class BodySecret implements BodyReader {
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String ANNOTATION = "/metadata/annotations/" + ACCOUNT.replace("/", "~1");

    private final JsonValues values;
    private final Projection secret;

    BodySecret(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.secret = new Projection(options, values, "type", "metadata/annotations");
    }

    @Override
    public boolean isOf(String kind) {
        return kind.equals("Secret") || kind.equals(Bodies.ANY);
    }

    @Override
    public void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws BadRecord, IOException {
        secret.read(object);
        into.secretType = secret.name("type");
        into.secretAccount = account(secret.object("metadata/annotations"));
    }

    @Override
    public void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord, IOException {
        if (path.equals("/type")) {
            into.secretType = operation.name("value");
        } else if (path.equals(ANNOTATION)) {
            into.secretAccount = operation.name("value");
        } else if (path.equals("/metadata/annotations") && operation.isObject("value")) {
            into.secretAccount = account(operation.object("value"));
        }
    }

    /** The account that annotations name; the name of the annotation holds a slash, which parts the names of a path. */
    private @Nullable String account(@Nullable RecordBytes annotations) throws IOException {
        if (annotations == null) {
            return null;
        }
        try (JsonParser p = values.parser(annotations.bytes(), annotations.start(), annotations.end())) {
            p.nextToken();
            for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                JsonToken value = p.nextToken();
                if (name.equals(ACCOUNT) && value == JsonToken.VALUE_STRING) {
                    return values.recurring().of(JsonValues.cut(p.getText(), ValueReader.SHORT));
                }
                p.skipChildren();
            }
        }
        return null;
    }
}
