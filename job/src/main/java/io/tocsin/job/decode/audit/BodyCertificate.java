package io.tocsin.job.decode.audit;

import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import org.jspecify.annotations.Nullable;

/** What a CertificateSigningRequest asks for, who asked, and what was decided. */
final class BodyCertificate implements BodyReader {
    private static final int MAX_CONDITIONS = 256;

    private final Projection certificate;
    private final Projection condition;
    private final Projection decision;

    BodyCertificate(DecoderOptions options, JsonValues values) {
        this.certificate = new Projection(
                options,
                values,
                "spec/signerName",
                "spec/username",
                "spec/usages",
                "spec/request",
                "status/conditions");
        this.condition = new Projection(options, values, "type");
        this.decision = new Projection(options, values, "conditions");
    }

    @Override
    public boolean isOf(String kind) {
        return kind.equals("CertificateSigningRequest") || kind.equals(Bodies.ANY);
    }

    @Override
    public void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws BadRecord {
        certificate.read(object);
        into.signer = certificate.name("spec/signerName");
        into.requester = certificate.name("spec/username");
        into.clientAuth = certificate.texts("spec/usages").contains("client auth");
        CertificateName.read(certificate.text("spec/request", CertificateName.MAX_LENGTH), into);
        conditions(certificate.array("status/conditions"), into);
    }

    @Override
    public void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord {
        if (path.equals("/status/conditions")) {
            conditions(operation.array("value"), into);
        } else if (path.startsWith("/status/conditions/") && operation.isObject("value")) {
            decided(operation.object("value"), into);
        } else if (path.equals("/status") && operation.isObject("value")) {
            RecordBytes status = operation.object("value");
            if (status != null) {
                decision.read(status);
                conditions(decision.array("conditions"), into);
            }
        }
    }

    private void conditions(@Nullable RecordBytes conditions, ObjectBody.Builder into) throws BadRecord {
        JsonElements elements = BodyReader.elements(conditions);
        for (int i = 0; conditions != null && i < MAX_CONDITIONS && elements.next(); i++) {
            decided(BodyReader.element(conditions, elements), into);
        }
    }

    /** A request that is both is approved: the API server refuses it, and it would be the worse. */
    private void decided(@Nullable RecordBytes element, ObjectBody.Builder into) throws BadRecord {
        if (element == null || !BodyReader.isObject(element)) {
            return;
        }
        condition.read(element);
        String type = condition.name("type");
        if (ObjectBody.APPROVED.equals(type)) {
            into.verdict = ObjectBody.APPROVED;
        } else if (ObjectBody.DENIED.equals(type) && into.verdict == null) {
            into.verdict = ObjectBody.DENIED;
        }
    }
}
