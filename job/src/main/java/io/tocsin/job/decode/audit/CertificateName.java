package io.tocsin.job.decode.audit;

import io.tocsin.event.ObjectBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The name that a PKCS#10 request asks for: its common name and its organizations, which are the user name and the groups of who
 * holds the certificate. Nothing else of it is read.
 */
final class CertificateName {
    /** Longer requests, in characters of base64 of PEM, are not decoded. */
    static final int MAX_LENGTH = 1 << 16;

    private static final int MAX_ORGANIZATIONS = 64;
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int LONGEST = 1_024;

    private final byte[] der;
    private int at;

    private CertificateName(byte[] der) {
        this.der = der;
    }

    /** Reads {@code spec.request}; what is no request tells nothing. */
    static void read(@Nullable String request, ObjectBody.Builder into) {
        if (request == null || request.length() >= MAX_LENGTH) {
            return;
        }
        try {
            byte[] name = new CertificateName(der(request)).name();
            if (name != null) {
                tell(new LdapName(new X500Principal(name).getName(X500Principal.RFC2253)), into);
            }
        } catch (IllegalArgumentException | NamingException e) {
            // What is not base64, PEM, DER or a name: the API server would not have taken it.
            return;
        }
    }

    private static byte[] der(String request) {
        Base64.Decoder base64 = Base64.getMimeDecoder();
        String pem = new String(base64.decode(request), StandardCharsets.US_ASCII);
        int begin = pem.indexOf("-----BEGIN");
        int start = begin < 0 ? -1 : pem.indexOf('\n', begin);
        int end = start < 0 ? -1 : pem.indexOf("-----END", start);
        return end < 0 ? new byte[0] : base64.decode(pem.substring(start + 1, end));
    }

    /** The request is a sequence of what is asked for, which is a sequence of version, name and more, and a signature. */
    private byte @Nullable [] name() {
        boolean signed = enter(SEQUENCE);
        boolean asked = signed && enter(SEQUENCE);
        if (!asked) {
            return null;
        }
        int version = length(INTEGER);
        if (version < 0) {
            return null;
        }
        at += version;
        int start = at;
        int length = length(SEQUENCE);
        return length < 0 ? null : Arrays.copyOfRange(der, start, at + length);
    }

    private boolean enter(int tag) {
        return length(tag) >= 0;
    }

    /** Passes over the head of a value of this kind: how long its content is, -1 if it is none or is cut. */
    private int length(int tag) {
        if (at + 2 > der.length || (der[at] & 0xff) != tag) {
            return -1;
        }
        int length = der[at + 1] & 0xff;
        at += 2;
        if (length >= 0x80) {
            int bytes = length - 0x80;
            if (bytes == 0 || bytes > 3 || at + bytes > der.length) {
                return -1;
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (der[at++] & 0xff);
            }
        }
        return at + length > der.length ? -1 : length;
    }

    private static void tell(LdapName name, ObjectBody.Builder into) throws NamingException {
        List<String> organizations = new ArrayList<>();
        // From the first to the last: of several common names the API server takes the last.
        for (Rdn part : name.getRdns()) {
            for (var attributes = part.toAttributes().getAll(); attributes.hasMore(); ) {
                Attribute attribute = attributes.next();
                for (int i = 0; i < attribute.size(); i++) {
                    if (!(attribute.get(i) instanceof String value)) {
                        continue;
                    }
                    String cut = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
                    if (attribute.getID().equalsIgnoreCase("CN")) {
                        into.commonName = cut;
                    } else if (attribute.getID().equalsIgnoreCase("O")) {
                        BodyReader.add(organizations, cut, MAX_ORGANIZATIONS);
                    }
                }
            }
        }
        into.organizations = List.copyOf(organizations);
    }
}
