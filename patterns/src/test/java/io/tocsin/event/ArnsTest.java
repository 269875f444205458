package io.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArnsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "arn:aws:sts::111122223333:assumed-role/Admin/alice, arn:aws:iam::111122223333:role/Admin",
                "arn:aws:iam::111122223333:role/team/a/Admin, arn:aws:iam::111122223333:role/Admin",
                "arn:aws-cn:iam::111122223333:user/dev/bob, arn:aws-cn:iam::111122223333:user/bob",
                "arn:aws:iam::111122223333:root, arn:aws:iam::111122223333:root",
                "arn:aws:s3:::role/x, arn:aws:s3:::role/x",
                "alice, -",
            })
    void givesOneRoleOneName(String arn, String canonical) {
        assertThat(Arns.canonical(arn)).isEqualTo(canonical);
    }
}
