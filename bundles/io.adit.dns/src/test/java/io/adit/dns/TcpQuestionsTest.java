package io.adit.dns;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.Test;

public class TcpQuestionsTest {

    @Test
    public void messagesAreCutHoweverTheyCome() {
        Random random = new Random(2);
        List<byte[]> sent = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            byte[] message = new byte[12 + random.nextInt(i % 10 == 0 ? TcpQuestions.LONGEST - 12 : 60)];
            random.nextBytes(message);
            sent.add(message);
            all.write(message.length >> 8);
            all.write(message.length);
            all.writeBytes(message);
        }
        for (int piece : new int[] {1, 2, 3, 100, 1000, 16_384, all.size()}) {
            TcpQuestions questions = new TcpQuestions();
            List<byte[]> got = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.wrap(all.toByteArray());
            while (bytes.hasRemaining()) {
                ByteBuffer part = bytes.slice();
                part.limit(Math.min(piece, part.remaining()));
                bytes.position(bytes.position() + part.remaining());
                questions.add(part);
                for (Optional<byte[]> next = questions.next(); next.isPresent(); next = questions.next()) {
                    got.add(next.get());
                }
            }
            assertEquals(sent.size(), got.size());
            for (int i = 0; i < sent.size(); i++) {
                assertArrayEquals(sent.get(i), got.get(i));
            }
            assertEquals(0, questions.size());
        }
    }

    @Test
    public void whatIsShorterThanAHeaderOrLongerThanAQuestionIsAnError() {
        for (int length : new int[] {0, 11, TcpQuestions.LONGEST + 1, 65_535}) {
            TcpQuestions questions = new TcpQuestions();
            questions.add(ByteBuffer.wrap(new byte[] {(byte) (length >> 8), (byte) length}));
            assertThrows(IllegalStateException.class, questions::next);
        }
    }
}
