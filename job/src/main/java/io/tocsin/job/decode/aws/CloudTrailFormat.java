package io.tocsin.job.decode.aws;

import com.google.auto.service.AutoService;
import io.tocsin.event.Digest;
import io.tocsin.event.EventField;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CloudTrail events of all services. What EKS, EKS Auth and STS calls are about is read too: the cluster, the role that is mapped,
 * the access key that is issued. Digests, insights and notices of delivery hold nothing that somebody did and are skipped.
 *
 * <p>Its account and region are those of the call, whoever collects it; the cluster is known of calls to EKS only.
 */
public final class CloudTrailFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new CloudTrailFormat(options, values);
        }
    }

    private static final byte[] TIME = ObjectOutline.name("eventTime");
    private static final String SERVICE_END = ".amazonaws.com";
    private static final String CONSOLE_LOGIN = "responseElements/ConsoleLogin";
    private static final String CHECK_MFA = "responseElements/CheckMfa";
    private static final String SWITCH_ROLE = "responseElements/SwitchRole";
    private static final String DRY_RUN = "DryRunOperation";
    /** An event id is a UUID; anything else is none by which two deliveries could be known as one. */
    private static final int UUID_LENGTH = 36;

    private static final int LONGEST_ACCOUNT = 20;

    private final JsonValues values;
    private final Networks networks;
    private final EksCalls eksCalls;
    private final StsCalls stsCalls;
    private final boolean wantsArns;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    CloudTrailFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "eventTime",
                "eventSource",
                "eventName",
                "awsRegion",
                "sourceIPAddress",
                "userAgent",
                "errorCode",
                "errorMessage",
                "eventID",
                "recipientAccountId",
                CloudTrailIdentity.TYPE,
                CloudTrailIdentity.USER_NAME,
                CloudTrailIdentity.ARN,
                CloudTrailIdentity.PRINCIPAL,
                CloudTrailIdentity.ACCESS_KEY,
                CloudTrailIdentity.INVOKED_BY,
                CloudTrailIdentity.ON_BEHALF_OF,
                CloudTrailIdentity.ISSUER_NAME,
                CloudTrailIdentity.ISSUER_ARN,
                // Other services answer with whatever they like.
                "responseElements",
                CONSOLE_LOGIN,
                CHECK_MFA,
                SWITCH_ROLE,
                "insightDetails",
                "digestS3Object",
                "s3ObjectKey");
        this.values = values;
        this.networks = options.networks();
        this.eksCalls = new EksCalls(options, values);
        this.stsCalls = new StsCalls(options, values);
        this.wantsArns = options.fields().contains(EventField.MENTIONED_ARNS);
    }

    @Override
    public String name() {
        return Source.CLOUDTRAIL.id();
    }

    @Override
    public About about() {
        return new About(
                "CloudTrail events, one by one or in the Records of a file: S3, CloudWatch, EventBridge, SNS, SQS",
                "eventSource and eventName with userIdentity",
                "the cluster, but for calls to EKS; the address, where a service of AWS calls for somebody");
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("eventSource", "eventName", "userIdentity"),
                Set.of("eventVersion", "insightDetails"),
                Set.of("digestS3Bucket", "digestS3Object"),
                Set.of("s3Bucket", "s3ObjectKey"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        String reason = skipped(object);
        if (reason == null) {
            read(object, record, document);
            document.event(event, record);
        } else {
            document.skip(reason);
        }
    }

    private static @Nullable String skipped(Projection f) throws BadRecord {
        if (f.has("insightDetails")) {
            return "insight";
        }
        if (f.has("digestS3Object")) {
            return "digest";
        }
        String source = f.name("eventSource");
        // S3 and others notify in the shape of CloudTrail.
        return f.has("s3ObjectKey") || (source != null && source.startsWith("aws:")) ? "notification" : null;
    }

    /** Sets the event to what the record tells. */
    private void read(Projection f, RecordBytes record, Document document) throws BadRecord {
        String service = service(f.name("eventSource"));
        String verb = f.name("eventName");
        if (service == null || verb == null) {
            throw new BadRecord(flaw(f, record, service, verb));
        }
        CallSubject subject =
                switch (service) {
                    case "eks", "eks-auth" -> eksCalls.subject(record, verb);
                    case "sts" -> stsCalls.subject(record);
                    default -> CallSubject.NONE;
                };
        Outcome outcome = outcome(f, service);
        Origin origin = origin(f, record.origin(), outcome == Outcome.ERROR ? null : subject.cluster());
        RecordBytes placed = new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin);
        Document.begin(event, Source.CLOUDTRAIL, document.timeOf(placed, f.time("eventTime"), f.truncated()), placed);
        // Where a collector runs says nothing of a call to AWS.
        event.place = Place.NONE;
        event.namespace = null;
        identify(f);
        CloudTrailIdentity who = CloudTrailIdentity.of(f);
        String user = who.user() != null ? who.user() : subject.user();
        event.user = user == null ? null : values.recurring().of(user);
        event.userUid = who.uid();
        event.arn = who.arn() == null ? null : values.recurring().of(who.arn());
        event.sessionName = who.session();
        event.accessKeyId = f.name(CloudTrailIdentity.ACCESS_KEY);
        Network.Address peer = networks.of(origin.cluster()).address(f.name("sourceIPAddress"));
        if (peer != null) {
            event.peer = peer.canonical();
            event.zone = peer.zone();
        }
        event.userAgent = f.name("userAgent");
        event.verb = verb;
        event.resource = service;
        event.name = subject.name();
        event.outcome = outcome;
        event.reason = f.name("errorCode");
        event.dryRun = event.reason != null && event.reason.endsWith(DRY_RUN);
        event.message = message(subject.facts(), f.text("errorMessage"));
        event.issuedCredentialId = subject.issuedKey();
        event.mentionedArns = wantsArns ? subject.mapped() : List.of();
        event.truncated = f.truncated();
    }

    private static String flaw(Projection f, RecordBytes record, @Nullable String service, @Nullable String verb) {
        if (f.truncated()) {
            return "cut off before eventSource and eventName";
        }
        return service == null && verb == null
                ? "not a cloudtrail record: " + Excerpt.of(record.bytes(), record.start(), record.end())
                : (service == null ? "eventSource" : "eventName") + " is missing";
    }

    private static @Nullable String service(@Nullable String source) {
        return source == null || !source.endsWith(SERVICE_END)
                ? source
                : source.substring(0, source.length() - SERVICE_END.length());
    }

    /** Where the call was made: what the event tells of its account and region, not what collected it. */
    private static Origin origin(Projection f, Origin around, @Nullable String cluster) throws BadRecord {
        String account = f.name("recipientAccountId");
        Origin origin = around.stream(account != null && isAccount(account) ? account : around.account(), null);
        return origin.in(f.name("awsRegion")).cluster(cluster);
    }

    private static boolean isAccount(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() <= LONGEST_ACCOUNT;
    }

    /** Makes the event's own id its id, so that one event on two ways is one. */
    private void identify(Projection f) throws BadRecord {
        String id = f.text("eventID", ValueReader.SHORT);
        event.auditId = id;
        if (id != null && isUuid(id)) {
            event.recordId = new Digest().add(id).hex();
        }
    }

    private static boolean isUuid(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) != '-' && Character.digit(id.charAt(i), 16) < 0) {
                return false;
            }
        }
        return id.length() == UUID_LENGTH;
    }

    private static Outcome outcome(Projection f, String service) throws BadRecord {
        String code = f.name("errorCode");
        if (code != null) {
            return code.endsWith(DRY_RUN) ? Outcome.SUCCESS : AwsErrors.outcome(code);
        }
        if (service.equals("signin")) {
            boolean failed = "Failure".equals(f.name(CONSOLE_LOGIN))
                    || "Failure".equals(f.name(CHECK_MFA))
                    || "Failure".equals(f.name(SWITCH_ROLE));
            if (failed) {
                return Outcome.UNAUTHENTICATED;
            }
        }
        if (f.text("errorMessage") != null) {
            return Outcome.ERROR;
        }
        return f.truncated() ? Outcome.UNKNOWN : Outcome.SUCCESS;
    }

    private static @Nullable String message(@Nullable String facts, @Nullable String error) {
        if (facts == null || error == null) {
            return facts == null ? error : facts;
        }
        return JsonValues.cut(facts + "; " + error, ValueReader.LONG);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return times.outline().timeOfFirst(TIME);
    }
}
