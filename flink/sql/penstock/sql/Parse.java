package penstock.sql;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.delegation.Parser;

/** Looks at the words of a script, with Flink's own parser. No table is made or looked for, and no job is submitted. */
public final class Parse {
    private Parse() {}

    /** {@code SCRIPT}. Throws what is wrong first. */
    public static void main(String[] arguments) {
        Parser parser =
                ((TableEnvironmentInternal) TableEnvironment.create(EnvironmentSettings.inStreamingMode())).getParser();
        for (Statements.Statement statement : Statements.of(arguments.length == 1 ? arguments[0] : "")) {
            boolean configures = statement.begins("SET") || statement.begins("RESET");
            try {
                parser.parse(configures ? statement.text : statement.inPlace());
            } catch (SqlParserException wrong) {
                throw Place.of(statement, wrong);
            } catch (RuntimeException ofItsTables) {
                // What it names may be defined above; the planner looks, when it is asked.
            }
        }
    }
}
