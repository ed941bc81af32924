import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.batch.BatchClient;
import com.microsoft.azure.batch.auth.BatchSharedKeyCredentials;
import com.microsoft.azure.batch.protocol.models.BatchErrorException;
import com.microsoft.azure.serializer.AzureJacksonAdapter;
import com.microsoft.rest.RestException;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls methods of a Batch client library as it is told to, one a line of stdin, and says what came of each. Knows nothing of Batchyard. The
 * lines are those of caller.py.
 */
class Caller {
  static final ObjectMapper JSON = new ObjectMapper();
  /** The library's own way with its models. */
  static final ObjectMapper MODELS =
      new AzureJacksonAdapter().serializer().copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public static void main(String[] words) throws Exception {
    var env = System.getenv();
    var key = new BatchSharedKeyCredentials(
        env.get("AZURE_BATCH_ENDPOINT"), env.get("AZURE_BATCH_ACCOUNT"), env.get("AZURE_BATCH_ACCESS_KEY"));
    var found = methods(BatchClient.open(key).protocolLayer());
    System.out.println(JSON.writeValueAsString(found.keySet()));
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode told = JSON.readTree(line);
      System.out.println(JSON.writeValueAsString(outcome(found.get(told.get("method").asText()), told)));
    }
    System.exit(0);
  }

  /** A method of a group, in its forms. */
  record Operation(Object group, List<Method> forms) {}

  static Map<String, Operation> methods(Object client) throws Exception {
    var found = new LinkedHashMap<String, Operation>();
    for (Method group : client.getClass().getInterfaces()[0].getMethods()) {
      if (!group.getReturnType().getName().startsWith("com.microsoft.azure.batch.protocol.") || group.getParameterCount() > 0) continue;
      Object operations = group.invoke(client);
      for (Method method : group.getReturnType().getMethods()) {
        // Halves of methods: the reply that is waited for elsewhere, one page of a list.
        if (method.getName().endsWith("Async") || method.getName().endsWith("Next")) continue;
        if (List.of(method.getParameterTypes()).contains(OutputStream.class)) continue;
        found.computeIfAbsent(group.getName() + "." + method.getName(), name -> new Operation(operations, new ArrayList<>()))
            .forms().add(method);
      }
    }
    return found;
  }

  static Object outcome(Operation operation, JsonNode told) throws Exception {
    try {
      call(operation, told);
      return "ok";
    } catch (InvocationTargetException wrapped) {
      Throwable error = wrapped.getCause();
      if (error instanceof BatchErrorException refused && refused.body() != null) {
        return List.of(refused.response().code(), refused.body().code());
      }
      if (error instanceof RestException refused) {
        var code = new ArrayList<Object>(List.of(refused.response().code()));
        code.add(null);
        return code;
      }
      return error.toString();
    } catch (IllegalArgumentException error) {
      return error.toString();
    }
  }

  /** The path's words, then the body or its members, then options, of which there are none. */
  static void call(Operation operation, JsonNode told) throws Exception {
    List<String> path = new ArrayList<>();
    told.get("path").forEach(word -> path.add(word.asText()));
    JsonNode body = told.get("body");
    Method longest = operation.forms.get(0);
    for (Method form : operation.forms) if (form.getParameterCount() > longest.getParameterCount()) longest = form;
    Class<?>[] types = longest.getParameterTypes();
    Object[] given = new Object[types.length];
    for (int index = 0; index < path.size(); index++) given[index] = path.get(index);
    if (body != null) {
      Class<?> type = types[path.size()];
      var as = MODELS.constructType(longest.getGenericParameterTypes()[path.size()]);
      boolean isMember = body.size() == 1 && (type == String.class || type.isEnum() || type == List.class
          || type.getSimpleName().endsWith("Option") || !hasMember(type, body.fieldNames().next()));
      given[path.size()] = MODELS.convertValue(isMember ? body.elements().next() : body, as);
    }
    Object result = longest.invoke(operation.group, given);
    if (result instanceof Collection<?> all) all.forEach(item -> {});
    if (result instanceof InputStream stream) stream.readAllBytes();
  }

  static boolean hasMember(Class<?> type, String name) {
    for (Method method : type.getMethods()) if (method.getName().equals(name)) return true;
    return false;
  }
}
