package io.tocsin.job.generate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A PKCS#10 certificate request that nobody could have signed: the names are real, key and signature are dice. */
final class CertificateRequest {
    private static final byte[] ORGANISATION = {6, 3, 0x55, 4, 10};
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final byte[] ECDSA_SHA256 = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] EC_KEY = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
    private static final byte[] P256 = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    private static final byte[] VERSION = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8 = 0x0c;
    private static final int BITS = 3;

    private CertificateRequest() {}

    /** The request as it stands in {@code spec.request}: base64 of PEM. */
    static String pem(String organisation, String commonName, Chance chance) {
        byte[] key = new byte[66];
        for (int i = 2; i < key.length; i++) {
            key[i] = (byte) chance.below(256);
        }
        key[1] = 4;
        byte[] name = tagged(SEQUENCE, attribute(ORGANISATION, organisation), attribute(COMMON_NAME, commonName));
        byte[] publicKey = tagged(SEQUENCE, tagged(SEQUENCE, EC_KEY, P256), tagged(BITS, key));
        byte[] info = tagged(SEQUENCE, VERSION, name, publicKey, new byte[] {(byte) 0xa0, 0});
        byte[] request = tagged(SEQUENCE, info, tagged(SEQUENCE, ECDSA_SHA256), tagged(BITS, key));
        String pem = "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(request)
                + "\n-----END CERTIFICATE REQUEST-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] attribute(byte[] type, String value) {
        return tagged(SET, tagged(SEQUENCE, type, tagged(UTF8, value.getBytes(StandardCharsets.US_ASCII))));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (body.size() >= 128) {
            whole.write(body.size() < 256 ? 0x81 : 0x82);
            if (body.size() >= 256) {
                whole.write(body.size() >> 8);
            }
        }
        whole.write(body.size() & 0xff);
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }
}
