package io.tocsin.job.decode;

import java.util.ArrayList;
import java.util.List;

/** Makes the decoder of an input. */
public final class Decoders {
    /** The formats an input can be given. */
    public static final List<String> FORMATS = List.of(DecoderOptions.AUTO, "kubernetes-audit", "eks-authenticator");

    private Decoders() {}

    /**
     * A decoder for one thread.
     *
     * @throws IllegalArgumentException if there is no format of that name
     */
    public static DocumentDecoder create(DecoderOptions options) {
        JsonValues values = new JsonValues();
        List<Format> formats = List.of(new AuditFormat(options, values), new AuthenticatorFormat(options, values));
        List<Format> envelopes = List.of(new CloudWatchFormat(options, values), new AwsDataFormat(values));
        if (options.format().equals(DecoderOptions.AUTO)) {
            List<Format> all = new ArrayList<>(formats);
            all.addAll(envelopes);
            return new FormatDecoder(null, all, options);
        }
        for (Format format : formats) {
            if (format.name().equals(options.format())) {
                List<Format> all = new ArrayList<>(envelopes);
                all.add(format);
                return new FormatDecoder(format, all, options);
            }
        }
        throw new IllegalArgumentException(
                "format must be one of " + String.join(", ", FORMATS) + ": " + options.format());
    }
}
