package penstock.probe;

import org.apache.flink.configuration.description.Formatter;
import org.apache.flink.configuration.description.TextElement.TextStyle;

import java.util.EnumSet;

/** Writes the description of an option as plain text: links as their words, list items on lines of their own. */
final class PlainText extends Formatter {
    @Override
    protected void formatLink(StringBuilder state, String link, String description) {
        state.append(description);
    }

    @Override
    protected void formatLineBreak(StringBuilder state) {
        state.append('\n');
    }

    @Override
    protected void formatText(StringBuilder state, String format, String[] elements, EnumSet<TextStyle> styles) {
        state.append(String.format(format, (Object[]) elements));
    }

    @Override
    protected void formatList(StringBuilder state, String[] entries) {
        for (String entry : entries) {
            state.append("\n- ").append(entry);
        }
    }

    @Override
    protected Formatter newInstance() {
        return new PlainText();
    }
}
