package io.tocsin.job.decode.aws;

import io.tocsin.event.Arns;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;

/** Reads what calls to STS ask for and are given: a role, a session, an access key. The key's secret and token are never read. */
final class StsCalls {
    private static final String ROLE = "requestParameters/roleArn";
    private static final String SESSION = "requestParameters/roleSessionName";
    private static final String KEY = "responseElements/credentials/accessKeyId";
    private static final String SUBJECT = "responseElements/subjectFromWebIdentityToken";

    private final Projection fields;

    StsCalls(DecoderOptions options, JsonValues values) {
        this.fields = new Projection(options, values, ROLE, SESSION, KEY, SUBJECT);
    }

    CallSubject subject(RecordBytes record) throws BadRecord {
        fields.read(record);
        String role = fields.name(ROLE);
        String canonical = Arns.canonical(role);
        String session = fields.text(SESSION);
        return new CallSubject(
                null,
                canonical == null ? role : canonical,
                session == null ? null : "session " + session,
                fields.name(KEY),
                fields.name(SUBJECT),
                List.of());
    }
}
