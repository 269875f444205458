package io.tocsin.job.decode.aws;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Set;

/** An EventBridge event. Its {@code detail} is a CloudTrail event if its type says so; what else it may be is skipped. */
public final class EventBridgeFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new EventBridgeFormat(options, values);
        }
    }

    EventBridgeFormat(DecoderOptions options, JsonValues values) {
        super(options, values, "detail-type", "id", "account", "time", "region", "detail");
    }

    @Override
    public String name() {
        return "eventbridge";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About("EventBridge events via CloudTrail", "detail-type and detail", "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("detail-type", "detail"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        String type = object.name("detail-type");
        if (type != null && !type.endsWith("via CloudTrail")) {
            document.skip("detail-type");
            return;
        }
        RecordBytes detail = object.object("detail");
        if (detail == null) {
            throw new BadRecord(object.truncated() ? "cut off inside detail" : "detail is missing");
        }
        Origin around = record.origin();
        String account = object.name("account");
        Origin origin = around.stream(account == null ? around.account() : account, around.instance())
                .in(object.name("region"))
                .at(object.time("time"), object.name("id"));
        document.unwrap(new RecordBytes(detail.bytes(), detail.start(), detail.end(), false, origin));
    }
}
