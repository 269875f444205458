package io.tocsin.job.decode.ebpf;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import java.util.List;
import java.util.Set;

/** A flow with nothing around it, as {@code hubble observe -o json} wrote it before 0.10. */
public final class HubbleFlowFormat extends HubbleFlow {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new HubbleFlowFormat(options, values);
        }
    }

    private static final byte[] TIME = ObjectOutline.name("time");

    HubbleFlowFormat(DecoderOptions options, JsonValues values) {
        super(options, values, "");
    }

    @Override
    public About about() {
        return new About(
                "Bare Hubble flows: older hubble observe -o json", "IP and verdict; IP, Type and node_name", LACKS);
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("IP", "verdict"), Set.of("IP", "Type", "node_name"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        flow(object, record, document);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return times.outline().timeOfFirst(TIME);
    }
}
